import { InvalidArgumentError } from 'commander';
import type { DefineCommand } from './command.ts';

const EXAMPLES = `
Each line begins with the end of the run's id, which is enough for other commands: they take a run by its id, by
4 or more characters that it begins or ends with, by latest, or by latest:ENSEMBLE. A run that is at work
and has said nothing for 10 minutes is told as stalled.

Examples:
  $ ensemble runs
  $ ensemble runs document-processor --status failed --since 7d
  $ ensemble runs --status running,waiting,paused --json | jq -r '.[].run'
  $ ensemble show latest
`;

/** `ensemble runs [ENSEMBLE]`. */
export const defineRuns: DefineCommand = (program, { io, openHost, exit }) => {
  program
    .command('runs')
    .summary('list runs, newest first')
    .showHelpAfterError('Run ensemble runs --help to see what it takes.')
    .description('Lists the runs of this project, newest first: what they do, what they wait for, why they failed.')
    .argument('[ensemble]', 'only of this one: its name or its file')
    .option('--status <list>', 'only in one of these: running, waiting, paused, succeeded, failed, cancelled')
    .option('--since <when>', 'only started since: a duration (2h, 7d) or a time (2026-11-21T16:00Z)')
    .option('--until <when>', 'only started before')
    .option('--before <run>', 'only older than that run: goes on where a list ended')
    .option('--limit <n>', 'at most so many (default: 20; with --json all)', readCount)
    .option('--all', 'all of them')
    .option('--stalled-after <duration>', 'for how long a run at work may say nothing (default: 10m)')
    .option('--json', 'print one JSON array')
    .addHelpText('after', EXAMPLES)
    .action(async (ensemble, options) => {
      const { showRuns } = await import('../runs/show-runs.ts');
      exit(await showRuns(ensemble, options, io, openHost));
    });
};

function readCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It takes a whole number, 1 or more.');
  return Number(text);
}
