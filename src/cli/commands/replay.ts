import { collect } from './collect.ts';
import type { DefineCommand } from './command.ts';

const EXAMPLES = `
Nothing is called and nothing is written. What agents gave is taken from the record; what follows from that
(conditions, items, decisions, what is set in the state, outputs of steps, files and the run) is worked out anew
and compared with it. The first difference is shown with its place in the file. With --with-current the file is
taken as it is now: does a change of it leave what earlier runs did as it was?

Examples:
  $ ensemble replay latest
  $ ensemble replay 01m7z5cdz229wsr8855hbdka21 --with-current

Exit codes:
  0 the same · 1 different, or problems in the file · 2 there is no such run
`;

/** `ensemble replay RUN`. */
export const defineReplay: DefineCommand = (program, { io, openHost, exit }) => {
  program
    .command('replay')
    .summary('go through a run again from its record and say where it differs')
    .showHelpAfterError('Run ensemble replay --help to see what it takes.')
    .description('Goes through a run again from its record, without effects, and says where it would differ.')
    .argument('<run>', 'a run: its id, the beginning or end of it, or latest')
    .option('--with-current', 'with the file as it is now')
    .option('--var <NAME=value>', 'a variable that the run was given; NAME alone takes it from the environment', collect)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (run, options) => {
      const { showReplay } = await import('../history/show-replay.ts');
      exit(await showReplay(run, options, io, openHost));
    });
};
