import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { RuleSettings } from '../../language/settings/settings.ts';
import { packageRoot } from '../../node/package-root.ts';
import { readSource } from '../../node/project/read-source.ts';
import { checkFiles } from './check-files.ts';
import type { Finding, Report } from './formats/format.ts';
import { pathFrom, Workspace } from './workspace.ts';

/** Fewer files than this are checked before another thread has loaded what it needs. */
const MIN_OF_A_THREAD = 150;
/** Each thread takes the memory of another process. */
const MAX_THREADS = 4;

export interface CheckPart extends RuleSettings {
  readonly files: readonly string[];
  readonly cwd: string;
}

/** Without the texts, which would be copied once for each finding. */
export type PartReport = readonly (Omit<Finding, 'text'> & { readonly readable: boolean })[];

/** How many threads so many files are worth. */
export function threadsFor(files: number, cores = availableParallelism()): number {
  return Math.max(1, Math.min(cores, MAX_THREADS, Math.floor(files / MIN_OF_A_THREAD)));
}

/** As `checkFiles`, over files on disk and in several threads, of which this one is the first. The report is the same. */
export async function checkInParallel(
  files: readonly string[],
  threads: number,
  rules: RuleSettings['rules'],
  cwd: string,
): Promise<Report> {
  const sorted = [...files].sort();
  const part = (index: number) => sorted.filter((_, at) => at % threads === index);
  const others = Array.from({ length: threads - 1 }, (_, index) => checkElsewhere({ files: part(index + 1), rules, cwd }));
  // A thread that fails while this one is busy must not end the process before anyone awaits it.
  const reports = Promise.all(others);
  reports.catch(() => {});
  const own = checkFiles(part(0), readSource, new Workspace({ rules }), cwd);
  const byFile = new Map<string, readonly Finding[]>(Map.groupBy(own.findings, ({ file }) => file));
  for (const report of await reports) {
    // An agent file that several parts run is found the same by each of them.
    for (const [file, found] of Map.groupBy(report, (finding) => finding.file))
      if (!byFile.has(file)) byFile.set(file, withText(found, cwd));
  }
  const inOrder = [...byFile].sort(([a], [b]) => (a < b ? -1 : 1));
  return { findings: inOrder.flatMap(([, found]) => found), files: sorted.map((file) => pathFrom(cwd, file)).sort() };
}

async function checkElsewhere(part: CheckPart): Promise<PartReport> {
  const worker = new Worker(join(packageRoot(), 'dist/check-worker.js'), { workerData: part });
  const [report] = await once(worker, 'message');
  return report as PartReport;
}

function withText(found: PartReport, cwd: string): readonly Finding[] {
  const file = found[0]?.file ?? '';
  const { text } = readSource(resolve(cwd, file), file);
  return found.map(({ readable, ...finding }) => ({ ...finding, text: readable ? text : undefined }));
}
