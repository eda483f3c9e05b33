import { collect } from './collect.ts';
import type { DefineCommand } from './command.ts';

const EXAMPLES = `
Tells what happened so far, then what happens, until the run is over or waits for an approval that nobody here
answers. On a terminal it asks what the run's approvals ask. Ctrl-C leaves the run alone: it goes on.

Examples:
  $ ensemble attach 01m7z5cdz229wsr8855hbdka21
  $ ensemble attach latest --quiet > report.json
  $ ensemble attach 01m7z5cdz229wsr8855hbdka21 --json | jq -r 'select(.type == "log").message'

Exit codes:
  0 done · 2 no such run · 3 the run failed · 4 the run waits · 70 a bug in ensemble · 130 interrupted
`;

/** `ensemble attach RUN`. */
export const defineAttach: DefineCommand = (program, { io, openHost, exit }) => {
  program
    .command('attach')
    .summary('follow a run to its end and print its output')
    .showHelpAfterError('Run ensemble attach --help to see what it takes.')
    .description('Follows a run and prints its output on stdout; all else goes to stderr.')
    .argument('<run>', 'the id of a run')
    .option('--answer <AGENT=approve>', 'answer an approval: AGENT=approve or AGENT=reject, with :feedback if you like', collect)
    .option('--approver <name>', 'who answers approvals (default: the user of this machine)')
    .option('--json', 'print its events on stdout, one JSON object a line')
    .option('--quiet', 'say nothing but errors and the output')
    .addHelpText('after', EXAMPLES)
    .action(async (run, options) => {
      const { attachRun } = await import('../control/attach-run.ts');
      exit(await attachRun(run, options, io, openHost));
    });
};
