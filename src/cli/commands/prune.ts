import { InvalidArgumentError } from 'commander';
import type { DefineCommand } from './command.ts';

const EXAMPLES = `
Only runs that are over are deleted: journal, program and input, and the files that hold them. What runs left in
state, KV, D1 or R2 stays. Deleted runs are no longer counted by ensemble stats. With both --older-than and --keep
a run is deleted when both say so.

Examples:
  $ ensemble prune --older-than 30d
  $ ensemble prune --older-than 7d --status succeeded --dry-run
  $ ensemble prune --keep 100
`;

/** `ensemble prune`. */
export const definePrune: DefineCommand = (program, { io, openHost, exit }) => {
  program
    .command('prune')
    .summary('delete old runs and free their disk space')
    .showHelpAfterError('Run ensemble prune --help to see what it takes.')
    .description('Deletes runs of this project that are over, and frees what they take on the disk.')
    .option('--older-than <duration>', 'only runs that ended so long ago (30d)')
    .option('--keep <n>', 'not the newest runs of each ensemble, so many', readCount)
    .option('--status <list>', 'only runs in one of these: succeeded, failed, cancelled')
    .option('--ensemble <name>', 'only runs of this one: its name or its file')
    .option('--dry-run', 'delete nothing, only say what would be')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action(async (options) => {
      const { pruneRuns } = await import('../runs/prune-runs.ts');
      exit(await pruneRuns(options, io, openHost));
    });
};

function readCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It takes a whole number, 0 or more.');
  return Number(text);
}
