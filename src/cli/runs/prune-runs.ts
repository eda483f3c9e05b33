import type { Project } from '../../node/find-project.ts';
import type { Host } from '../../node/host.ts';
import { listRunFiles, removeRunFiles } from '../../node/run-files.ts';
import type { RunSummary } from '../../program/host-calls.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print-json.ts';
import { countOf } from '../reporters/words.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { withHost } from '../run/with-host.ts';
import { formatBytes } from '../terminal/format-bytes.ts';
import { UsageProblem } from '../usage-problem.ts';
import { drawRuns } from './draw-runs.ts';
import { readSpan } from './read-moment.ts';
import { readPages } from './read-pages.ts';
import { OVER, readStatuses } from './read-statuses.ts';

export interface PruneOptions {
  readonly olderThan?: string;
  readonly keep?: number;
  readonly status?: string;
  readonly ensemble?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** What was deleted, or would be. */
interface Pruned {
  readonly runs: readonly RunSummary[];
  /** Files in which no run was. */
  readonly leftovers: number;
  readonly bytes: number;
}

/** Runs, or objects, of one request. */
const BATCH = 200;
/** A file that was written just now may be that of a run that begins. */
const LEFT_AFTER_MS = 60_000;

/**
 * `ensemble prune`: deletes runs that are over, and their files. Also files in which no run is, which are left where a host asked for a run that does not exist.
 * @throws UsageProblem when it is not told which.
 */
export function pruneRuns(options: PruneOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  const { olderThan, keep } = options;
  if (olderThan === undefined && keep === undefined) {
    throw new UsageProblem(
      'say which runs to delete: those older than a duration (--older-than 30d), all but the newest of each ensemble (--keep 100), or both',
    );
  }
  const endedBefore = olderThan === undefined ? undefined : io.now() - readSpan('--older-than', olderThan);
  const statuses = options.status === undefined ? OVER : readStatuses(options.status, OVER);
  return withHost(io, openHost, async (host, project) => {
    const filter = { statuses, ...(options.ensemble === undefined ? {} : { ensemble: options.ensemble }) };
    const runs = await chooseRuns(readPages(host, filter), endedBefore, keep ?? 0);
    tell(await prune(host, project, runs, { dry: options.dryRun === true, now: io.now() }), options, io);
    return EXIT.done;
  });
}

/** Of the runs, newest first, those that ended before, without the newest of each ensemble that are kept. */
async function chooseRuns(runs: AsyncIterable<RunSummary>, endedBefore: number | undefined, keep: number): Promise<readonly RunSummary[]> {
  const seen = new Map<string, number>();
  const chosen: RunSummary[] = [];
  for await (const run of runs) {
    const newer = seen.get(run.ensemble) ?? 0;
    seen.set(run.ensemble, newer + 1);
    const isOld = endedBefore === undefined || (run.finished_at ?? Number.POSITIVE_INFINITY) <= endedBefore;
    if (newer >= keep && isOld) chosen.push(run);
  }
  return chosen;
}

async function prune(
  host: Host,
  project: Project,
  runs: readonly RunSummary[],
  { dry, now }: { readonly dry: boolean; readonly now: number },
): Promise<Pruned> {
  const files = new Map(listRunFiles(project).map((found) => [found.object, found]));
  const forgotten = new Set<string>();
  const emptied = new Set<string>();
  const forget = async (ask: { readonly runs: readonly string[]; readonly objects?: readonly string[] }): Promise<void> => {
    const reply = await host.call('forget', { ...ask, dry });
    if (!dry) removeRunFiles(project, reply.objects);
    for (const object of reply.objects) emptied.add(object);
    for (const run of reply.forgotten) forgotten.add(run);
  };
  for (const part of inParts(runs.map(({ run }) => run))) await forget({ runs: part });
  const rest = [...files.values()].filter(({ object, changedAt }) => !emptied.has(object) && now - changedAt > LEFT_AFTER_MS);
  for (const part of inParts(rest.map(({ object }) => object))) await forget({ runs: [], objects: part });
  return {
    runs: runs.filter(({ run }) => forgotten.has(run)),
    leftovers: emptied.size - forgotten.size,
    bytes: [...emptied].reduce((sum, object) => sum + (files.get(object)?.bytes ?? 0), 0),
  };
}

function inParts<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / BATCH) }, (_, index) => items.slice(index * BATCH, (index + 1) * BATCH));
}

function tell({ runs, leftovers, bytes }: Pruned, { dryRun = false, json = false }: PruneOptions, io: Io): void {
  if (json) {
    const facts = { runs: runs.map(({ run }) => run), leftovers, bytes, dry_run: dryRun };
    printJson(facts, io);
    return;
  }
  const what = [countOf(runs.length, 'run'), ...(leftovers === 0 ? [] : [countOf(leftovers, 'leftover file')])].join(' and ');
  if (dryRun && runs.length > 0) io.stdout.write(`${drawRuns(runs, { now: io.now() }).join('\n')}\n`);
  io.stdout.write(dryRun ? `would delete ${what}: ${formatBytes(bytes)}\n` : `deleted ${what}: ${formatBytes(bytes)} freed\n`);
}
