import type { DefineCommand } from './command.ts';

const EXAMPLES = `
The tree shows agents and flow steps with the time since the start at which they began, durations, attempts and
failures, the items of loops, what agent files and ensembles did, and what was undone. Of a loop with many items
it shows those in which something failed. --agent shows all that is known of one agent: what it was given (worked
out again from the record), its tries, what it gave, logged and changed in the state; --verbose shows that of each
in the tree. A run that is at work and silent for long is called stalled.

--watch draws the tree again as the run goes on, until it is over; Ctrl-C ends that, not the run.

Examples:
  $ ensemble show latest
  $ ensemble show 01m7z5cdz229wsr8855hbdka21 --agent fetch[3]
  $ ensemble show 01m7z5cdz229wsr8855hbdka21 --watch
  $ ensemble show 01m7z5cdz229wsr8855hbdka21 --json | jq -r 'select(.type == "agent.failed")'
`;

/** `ensemble show RUN`. */
export const defineShow: DefineCommand = (program, { io, openHost, exit }) => {
  program
    .command('show')
    .summary('show what happened in a run')
    .showHelpAfterError('Run ensemble show --help to see what it takes.')
    .description('Prints what the journal of a run says, as a tree.')
    .argument('<run>', 'a run: its id, the beginning or end of it, or latest')
    .option('--agent <path>', 'all that is known of one agent: name, name[3] in a loop, outer/inner in a file')
    .option('--verbose', 'all that is known of each agent, in the tree')
    .option('--watch', 'go on with what comes, until the run is over')
    .option('--stalled-after <duration>', 'how long a run at work may be silent (default: 10m)')
    .option('--json', 'print its events, one JSON object a line')
    .addHelpText('after', EXAMPLES)
    .action(async (run, options) => {
      const { showRun } = await import('../show/show-run.ts');
      exit(await showRun(run, options, io, openHost));
    });
};
