import type { Host } from '../../node/host.ts';
import type { RunFilter, RunSummary } from '../../program/host-calls.ts';
import type { RunStatus } from '../../program/run-event.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { whereOf } from '../run/where-of.ts';
import { withHost } from '../run/with-host.ts';
import { fitWidth } from '../terminal/fit-width.ts';
import { harmlessJson, harmlessLine } from '../terminal/harmless.ts';
import { createPaint, type Paint } from '../terminal/paint.ts';
import { drawRuns, statusColumn } from './draw-runs.ts';
import { findRun } from './find-run.ts';
import { readMoment, readSpan } from './read-moment.ts';
import { readPages } from './read-pages.ts';
import { readStatuses } from './read-statuses.ts';
import { isStalled, STALLED_AFTER_MS } from './stalled.ts';

export interface RunsOptions {
  readonly status?: string;
  readonly since?: string;
  readonly until?: string;
  readonly before?: string;
  readonly limit?: number;
  readonly all?: boolean;
  readonly stalledAfter?: string;
  readonly json?: boolean;
}

/** Lines that a person is shown when they do not say how many. */
const DEFAULT_LIMIT = 20;

/**
 * `ensemble runs`: the runs of this project, newest first.
 * @throws UsageProblem for an option that cannot be read.
 */
export function showRuns(ensemble: string | undefined, options: RunsOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  const now = io.now();
  const stalledAfterMs = options.stalledAfter === undefined ? STALLED_AFTER_MS : readSpan('--stalled-after', options.stalledAfter);
  const filter = readFilter(ensemble, options, now);
  const limit = options.all === true ? undefined : (options.limit ?? (options.json === true ? undefined : DEFAULT_LIMIT));
  return withHost(io, openHost, async (host) => {
    const before = options.before === undefined ? {} : { before: await findRun(options.before, host) };
    // One more than is shown tells whether there are more.
    const found = await readSome(host, { ...filter, ...before }, limit === undefined ? undefined : limit + 1);
    const runs = found.slice(0, limit);
    if (options.json === true) io.stdout.write(jsonOf(runs, now, stalledAfterMs));
    else if (runs.length === 0) io.stderr.write(`${nothingFound(ensemble, options, host)}\n`);
    else {
      io.stdout.write(`${paintRuns(drawRuns(runs, { now, stalledAfterMs }), runs, io).join('\n')}\n`);
      if (found.length > runs.length) io.stderr.write(`There are more: --limit N or --all shows them.\n`);
    }
    return EXIT.done;
  });
}

function readFilter(ensemble: string | undefined, { status, since, until }: RunsOptions, now: number): RunFilter {
  return {
    ...(ensemble === undefined ? {} : { ensemble }),
    ...(status === undefined ? {} : { statuses: readStatuses(status) }),
    ...(since === undefined ? {} : { since: readMoment('--since', since, now) }),
    ...(until === undefined ? {} : { until: readMoment('--until', until, now) }),
  };
}

async function readSome(host: Host, filter: RunFilter, limit: number | undefined): Promise<readonly RunSummary[]> {
  const found: RunSummary[] = [];
  for await (const run of readPages(host, filter, limit)) found.push(run);
  return found;
}

/** One array, a run a line. */
function jsonOf(runs: readonly RunSummary[], now: number, stalledAfterMs: number): string {
  if (runs.length === 0) return '[]\n';
  const lines = runs.map((run) => JSON.stringify(isStalled(run, now, stalledAfterMs) ? { ...run, stalled: true } : run));
  return harmlessJson(`[\n${lines.map((line) => `  ${line}`).join(',\n')}\n]\n`);
}

function nothingFound(ensemble: string | undefined, options: RunsOptions, host: Host): string {
  const of = ensemble === undefined ? '' : ` of ${harmlessLine(ensemble)}`;
  const isFiltered = [options.status, options.since, options.until, options.before].some((option) => option !== undefined);
  return isFiltered ? `There is no such run${of} ${whereOf(host)}.` : `There is no run${of} ${whereOf(host)} yet.`;
}

const COLOURS: Readonly<Record<RunStatus, keyof Pick<Paint, 'green' | 'red' | 'yellow' | 'dim'>>> = {
  running: 'yellow',
  waiting: 'yellow',
  paused: 'yellow',
  succeeded: 'green',
  failed: 'red',
  cancelled: 'dim',
};

function paintRuns(lines: readonly string[], runs: readonly RunSummary[], { stdout, env }: Io): readonly string[] {
  const paint = createPaint(stdout, env);
  const { columns } = stdout;
  const start = statusColumn(lines);
  return lines.map((line, index) => {
    const fitting = stdout.isTTY && columns !== undefined ? fitWidth(line, columns) : line;
    const status = runs[index - 1]?.status;
    if (status === undefined) return paint.dim(fitting);
    const end = start + status.length;
    return fitting.slice(0, start) + paint[COLOURS[status]](fitting.slice(start, end)) + fitting.slice(end);
  });
}
