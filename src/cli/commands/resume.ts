import { checkDetach } from './check-detach.ts';
import { collect } from './collect.ts';
import type { DefineCommand } from './command.ts';

const EXAMPLES = `
Lets a paused run go on, and one that nobody runs any more (its process ended): that one goes on from its journal,
what is done stays done. Then it is followed as by ensemble attach.

A run goes on as it was started. When its file says something else by now, that is refused with the differences;
--with-current goes on with the file as it is now, and agents are found by their names.

Examples:
  $ ensemble resume 01m7z5cdz229wsr8855hbdka21
  $ ensemble resume latest --with-current
  $ ensemble resume 01m7z5cdz229wsr8855hbdka21 --var API_TOKEN --detach

Exit codes are those of ensemble run; 1 when the run is over, at work, or its file has changed.
`;

/** `ensemble resume RUN`. */
export const defineResume: DefineCommand = (program, { io, openHost, sharesHost, remote, exit }) => {
  program
    .command('resume')
    .summary('let a run go on that was paused or that nobody runs any more')
    .showHelpAfterError('Run ensemble resume --help to see what it takes.')
    .description('Lets a run go on, follows it and prints its output on stdout; all else goes to stderr.')
    .argument('<run>', 'the id of a run')
    .option('--with-current', 'go on with the file as it is now')
    .option('--var <NAME=value>', 'a variable in place of the one it was started with; NAME alone takes it from the environment', collect)
    .option('--answer <AGENT=approve>', 'answer an approval: AGENT=approve or AGENT=reject, with :feedback if you like', collect)
    .option('--approver <name>', 'who answers approvals (default: the user of this machine)')
    .option('--detach', 'do not follow it: print its id and leave it to go on')
    .option('--json', 'print its events on stdout, one JSON object a line; with --detach its id')
    .option('--quiet', 'say nothing but errors and the output')
    .addHelpText('after', EXAMPLES)
    .action(async (run, options) => {
      if (options.detach && remote() === undefined) checkDetach(sharesHost());
      const { resumeRun } = await import('../control/resume-run.ts');
      exit(await resumeRun(run, options, io, openHost));
    });
};
