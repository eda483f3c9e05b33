import type { DefineCommand } from './command.ts';

const EXAMPLES = `
The tree shows agents and flow steps with their durations, attempts and failures, the items of loops, what
agent files and ensembles did, and what was undone. Of a loop with many items it shows those in which
something failed. Runs are kept in the data of their project; ensemble run prints the id.

Examples:
  $ ensemble show 01m7z5cdz229wsr8855hbdka21
  $ ensemble show 01m7z5cdz229wsr8855hbdka21 --json | jq -r 'select(.type == "agent.failed")'
`;

/** `ensemble show RUN`. */
export const defineShow: DefineCommand = (program, { io, openHost, exit }) => {
  program
    .command('show')
    .summary('show what happened in a run')
    .showHelpAfterError('Run ensemble show --help to see what it takes.')
    .description('Prints what the journal of a run says, as a tree.')
    .argument('<run>', 'the id of a run')
    .option('--json', 'print its events, one JSON object a line')
    .addHelpText('after', EXAMPLES)
    .action(async (run, options) => {
      const { showRun } = await import('../show/show-run.ts');
      exit(await showRun(run, options, io, openHost));
    });
};
