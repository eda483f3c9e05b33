import type { DefineCommand } from './command.ts';

const EXAMPLES = `
It compares what was put in, the program, which way the run went (decisions, agents skipped), status, output,
failure and attempts of each agent, the state and the output at the end. Each difference is a JSON pointer with
what stands there in the first run (-) and in the second (+). Durations never make two runs different; those
that are clearly not the same are listed at the end.

Examples:
  $ ensemble diff 01m7z5cdz229wsr8855hbdka21 01m7z5g02k6q7w0c4x3pzt1yfb
  $ ensemble diff 01m7z5cdz229wsr8855hbdka21 01m7z5g02k6q7w0c4x3pzt1yfb --json | jq -r '.differences[].path'

Exit codes:
  0 they are the same · 1 they differ · 2 there is no such run
`;

/** `ensemble diff RUN_A RUN_B`. */
export const defineDiff: DefineCommand = (program, { io, openHost, exit }) => {
  program
    .command('diff')
    .summary('show where two runs differ')
    .showHelpAfterError('Run ensemble diff --help to see what it takes.')
    .description('Shows where two runs differ, from what was put in to what came out.')
    .argument('<run-a>', 'a run: its id, the beginning or end of it, or latest')
    .argument('<run-b>', 'the run that it is compared with')
    .option('--json', 'print {before, after, same, differences, durations} as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (a, b, options) => {
      const { showDiff } = await import('../history/show-diff.ts');
      exit(await showDiff([a, b], options, io, openHost));
    });
};
