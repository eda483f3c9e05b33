import type { DefineCommand } from './command.ts';

const EXAMPLES = `
Agents in loops, in files and in ensembles that others run are counted under their path without positions.
Rates and durations are of those that succeeded or failed; the durations are the ones in the middle (p50) and
behind which one in twenty lies (p95). Runs that were pruned are no longer counted.

Examples:
  $ ensemble stats
  $ ensemble stats document-processor --since 7d
  $ ensemble stats --json | jq '.ensembles[] | {ensemble, error_rate}'
`;

/** `ensemble stats [ENSEMBLE]`. */
export const defineStats: DefineCommand = (program, { io, openHost, exit }) => {
  program
    .command('stats')
    .summary('show how often ensembles and their agents succeed, and how long they take')
    .showHelpAfterError('Run ensemble stats --help to see what it takes.')
    .description(
      'Counts the runs of each ensemble and what its agents did in them: successes, failures, retries, cache hits, durations, tokens and cost.',
    )
    .argument('[ensemble]', 'only of this one: its name or its file')
    .option('--since <when>', 'only runs started since: a duration (2h, 7d) or a time (2026-11-21T16:00Z)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action(async (ensemble, options) => {
      const { showStatistics } = await import('../stats/show-statistics.ts');
      exit(await showStatistics(ensemble, options, io, openHost));
    });
};
