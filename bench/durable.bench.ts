import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../scripts/build.ts';
import type { Program } from '../src/program/program.ts';
import { openRunHost } from '../test/worker/support/run-host.ts';
import { countingProgram, openBareWorkflow } from './bare-workflow.ts';
import { runBenchmark, type Subject } from './harness.ts';
import { microsecondsInWorkerd } from './in-workerd.ts';

/*
 * What a durable step costs: agents of one run, journalled in the run's Durable Object, against the same steps of Cloudflare's own Workflows emulator, in one process each with their data
 * on disk. Both return `{ n: x + index }` from each step. A Workflow's own duration is taken from its first to its last step inside workerd, as a run's is.
 */

const STEPS = [10, 1_000, 10_000] as const;

await build();
const ours = mkdtempSync(join(tmpdir(), 'ensemble-bench-'));
const theirs = mkdtempSync(join(tmpdir(), 'ensemble-bench-'));
const host = await openRunHost({ persist: ours });
const workflows = openBareWorkflow(theirs);
const program = (count: number): Program => countingProgram(count);

function workflowSteps(count: number, repeats: number): Subject {
  return workflows.subject(`Workflows emulator, ${count.toLocaleString('en')} steps`, count, repeats);
}

try {
  const named = (count: number): string => `journalled agents, ${count.toLocaleString('en')}`;
  const agents = STEPS.map((count) =>
    microsecondsInWorkerd(named(count), { host, program: program(count), count, repeats: Math.max(1, Math.round(2_000 / count / 10)) }),
  );
  await runBenchmark({
    name: 'durable',
    unit: 'µs a step',
    rounds: 5,
    subjects: [...agents, workflowSteps(10, 3), workflowSteps(1_000, 1)],
    comparisons: [
      { subject: 'Workflows emulator, 10 steps', against: named(10) },
      { subject: 'Workflows emulator, 1,000 steps', against: named(1_000), target: 'an agent ≤ 60 µs, a step 1–3 ms' },
      { subject: named(10_000), against: named(1_000), target: 'flat' },
      { subject: 'Workflows emulator, 1,000 steps', against: 'Workflows emulator, 10 steps' },
    ],
  });

  const bytes = async (count: number): Promise<number> => {
    const before = sizeOf(ours);
    await host.run(program(count), { run: crypto.randomUUID(), input: { x: 1 } });
    return (sizeOf(ours) - before) / count;
  };
  const theirBytes = async (count: number): Promise<number> => {
    const before = sizeOf(theirs);
    await workflows.run(count);
    return (sizeOf(theirs) - before) / count;
  };
  const sized = (name: string, measure: () => Promise<number>): Subject => ({ name, measure });
  await runBenchmark({
    name: 'durable-size',
    unit: 'bytes of files a step',
    rounds: 3,
    subjects: [
      ...STEPS.map((count) => sized(named(count), () => bytes(count))),
      sized('Workflows emulator, 10 steps', () => theirBytes(10)),
      sized('Workflows emulator, 1,000 steps', () => theirBytes(1_000)),
    ],
    comparisons: [
      { subject: 'Workflows emulator, 10 steps', against: named(10) },
      { subject: 'Workflows emulator, 1,000 steps', against: named(1_000) },
      { subject: named(10_000), against: named(1_000), target: 'flat' },
    ],
  });

  await measureManyRuns(1_000);
} finally {
  await host.close();
  await workflows[Symbol.asyncDispose]();
  for (const folder of [ours, theirs]) rmSync(folder, { recursive: true, force: true });
}

/** Files and bytes that small runs leave, each of one agent. */
async function measureManyRuns(count: number): Promise<void> {
  const small = program(1);
  const many = async (): Promise<{ readonly files: number; readonly bytes: number }> => {
    const [files, bytes] = [filesIn(ours).length, sizeOf(ours)];
    for (let done = 0; done < count; done += 1) await host.run(small, { run: crypto.randomUUID(), input: { x: 1 } });
    return { files: (filesIn(ours).length - files) / count, bytes: (sizeOf(ours) - bytes) / count };
  };
  let last: { readonly files: number; readonly bytes: number } | undefined;
  await runBenchmark({
    name: 'durable-runs',
    unit: `a run, over ${count.toLocaleString('en')} runs of one agent`,
    rounds: 1,
    subjects: [
      {
        name: 'bytes',
        measure: async () => {
          last = await many();
          return last.bytes;
        },
      },
      { name: 'files', measure: async () => last?.files ?? (await many()).files },
    ],
    comparisons: [],
  });
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function sizeOf(folder: string): number {
  let total = 0;
  for (const file of filesIn(folder)) total += statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return total;
}
