import type { DefineCommand } from './command.ts';

const EXAMPLES = `
Each end of an agent is a checkpoint, in agent files too; they are numbered from 1 in the order in which they
came. ensemble state RUN --at shows the state as it stood at one, ensemble fork RUN --from begins a new run at
an agent.

Examples:
  $ ensemble checkpoints 01m7z5cdz229wsr8855hbdka21
  $ ensemble checkpoints 01m7z5cdz229wsr8855hbdka21 --json | jq -r '.[] | select(.set != []) | .number'
`;

/** `ensemble checkpoints RUN`. */
export const defineCheckpoints: DefineCommand = (program, { io, openHost, exit }) => {
  program
    .command('checkpoints')
    .summary('list the points of a run that one can look at or fork from')
    .showHelpAfterError('Run ensemble checkpoints --help to see what it takes.')
    .description('Lists the ends of the agents of a run by number, with what each set in the state.')
    .argument('<run>', 'a run: its id, the beginning or end of it, or latest')
    .option('--json', 'print them as one JSON array, ordered by number')
    .addHelpText('after', EXAMPLES)
    .action(async (run, options) => {
      const { showCheckpoints } = await import('../history/show-checkpoints.ts');
      exit(await showCheckpoints(run, options, io, openHost));
    });
};
