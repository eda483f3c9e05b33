import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '../src/program/program.ts';
import type { RunHost } from '../test/worker/support/run-host.ts';
import type { BareWorkflow } from './bare-workflow.ts';
import { chainProgram } from './chain.ts';
import { runBenchmark, type Subject, sized } from './harness.ts';

interface Data {
  readonly host: RunHost;
  /** The folder of its data. */
  readonly ours: string;
}

const OURS = 'Ensemble, journalled';
const WORKFLOWS = 'Workflows emulator';
const named = (name: string, count: number): string => `${name}, ${count.toLocaleString('en')} steps`;

async function runOnce(host: RunHost, program: Program): Promise<void> {
  const last = (await host.run(program, { run: crypto.randomUUID(), input: { x: 1 } })).at(-1);
  if (last?.type !== 'run.finished' || last.status !== 'succeeded') throw new Error(JSON.stringify(last));
}

/** What a run of many steps leaves on disk, by its steps. */
export async function measureFilesOfSteps({
  host,
  ours,
  workflows,
  theirs,
}: Data & { readonly workflows: BareWorkflow; readonly theirs: string }): Promise<void> {
  const growth = (name: string, folder: string, count: number, run: () => Promise<unknown>): Subject => ({
    name: named(name, count),
    measure: async () => {
      const before = sizeOf(folder);
      await run();
      return (sizeOf(folder) - before) / count;
    },
  });
  const ownSizes = [10, sized(1_000, 100), sized(10_000, 1_000)];
  const theirSizes = [10, sized(1_000, 20)];
  await runBenchmark({
    name: 'durable-size',
    unit: 'bytes of files a step',
    about: 'What the same runs leave on disk, with the write-ahead logs that are still open, divided by the steps.',
    rounds: 3,
    subjects: [
      ...ownSizes.map((count) => growth(OURS, ours, count, () => runOnce(host, chainProgram(count)))),
      ...theirSizes.map((count) => growth(WORKFLOWS, theirs, count, () => workflows.run(count))),
    ],
    comparisons: [
      { subject: named(WORKFLOWS, 10), against: named(OURS, 10) },
      { subject: named(WORKFLOWS, 1_000), against: named(OURS, 1_000) },
      { subject: named(OURS, 10_000), against: named(OURS, 1_000), target: '≤ 1.5' },
    ],
  });
}

/** What many small runs leave, each of one agent. */
export async function measureFilesOfRuns({ host, ours }: Data): Promise<void> {
  const count = sized(1_000, 10);
  const program = chainProgram(1);
  const measureAll = async (): Promise<Readonly<Record<string, number>>> => {
    const [before, indexBefore] = [sizeOf(ours), indexSize(ours)];
    for (let done = 0; done < count; done += 1) await runOnce(host, program);
    return {
      'in all': (sizeOf(ours) - before) / count,
      'in the index': (indexSize(ours) - indexBefore) / count,
    };
  };
  // One measurement has all the figures; without it there would be a thousand runs for each.
  const figures = await measureAll();
  await runBenchmark({
    name: 'durable-runs',
    unit: 'bytes a run',
    about: `What ${count.toLocaleString('en')} runs of one agent leave in the data folder while the host is up, with the write-ahead logs that are still open (those of the index are not in its own figure: it is one database for all runs); divided by the runs.`,
    rounds: 0,
    subjects: Object.entries(figures).map(([name, value]) => ({ name, measure: () => value })),
    comparisons: [],
  });
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Bytes of the files under `folder`. */
function sizeOf(folder: string, counts: (file: string) => boolean = () => true): number {
  let total = 0;
  for (const file of listFiles(folder)) if (counts(file)) total += statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return total;
}

function indexSize(folder: string): number {
  return sizeOf(folder, (file) => file.includes('RunIndex') && file.endsWith('.sqlite'));
}
