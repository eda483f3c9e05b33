import { checkDetach } from './check-detach.ts';
import { collect } from './collect.ts';
import type { DefineCommand } from './command.ts';

const EXAMPLES = `
The new run keeps all that the other one did before the agent of --from, and goes on from there; the other run
stays as it is. That agent runs again, and so does what came after it. --from takes the path of an agent or flow
step (fetch, fetch[3], outer/inner), or the number of a checkpoint: the agent that ended there runs again.

--set changes the ensemble's state before it goes on: key=value gets the type that the state's schema declares,
key:=json takes any JSON. --input takes the place of the run's input; what is kept was made from the old one.
--with-current goes on with the file as it is now; what is kept is found by the names of its agents.

Examples:
  $ ensemble fork 01m7z5cdz229wsr8855hbdka21 --from summarize
  $ ensemble fork latest --from 'charge[2]' --set attempts=0 --set limits:='{"max":3}'
  $ ensemble fork latest --from publish --with-current --detach

Exit codes are those of ensemble run.
`;

/** `ensemble fork RUN --from AGENT`. */
export const defineFork: DefineCommand = (program, { io, openHost, sharesHost, exit }) => {
  program
    .command('fork')
    .summary('begin a new run at an agent of another one')
    .showHelpAfterError('Run ensemble fork --help to see what it takes.')
    .description('Begins a new run that keeps what another one did before an agent, and prints its output.')
    .argument('<run>', 'a run: its id, the beginning or end of it, or latest')
    .requiredOption('--from <agent>', 'the agent that runs first, or the number of a checkpoint')
    .option('--set <key=value>', "a value of the ensemble's state", collect)
    .option('--input <json>', "in place of the run's input: JSON, @file, or - for stdin")
    .option('--with-current', 'with the file as it is now')
    .option('--detach', 'print the id of the new run and leave it to the host')
    .option('--answer <AGENT=approve>', 'answer an approval: AGENT=approve or AGENT=reject, with :feedback if you like', collect)
    .option('--approver <name>', 'who answers approvals (default: the user of this machine)')
    .option('--json', 'print the events of the new run, one JSON object a line')
    .option('--quiet', 'say nothing but errors and the output')
    .addHelpText('after', EXAMPLES)
    .action(async (run, options) => {
      if (options.detach) checkDetach(sharesHost());
      const { forkRun } = await import('../history/fork-run.ts');
      exit(await forkRun(run, options, io, openHost));
    });
};
