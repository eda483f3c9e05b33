import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../scripts/build.ts';
import { openRunHost } from '../test/worker/support/run-host.ts';
import { openBareWorkflow } from './bare-workflow.ts';
import { chainProgram, checkChainEnd } from './chain.ts';
import { measureFilesOfRuns, measureFilesOfSteps } from './durable-files.ts';
import { isSmoke, runBenchmark, type Subject } from './harness.ts';
import { microsecondsInWorkerd } from './in-workerd.ts';
import { type DurablePeer, loadPeer, type OpenDurablePeer } from './peer.ts';
import { rawInserts } from './raw-sqlite.ts';

/*
 * What a durable step costs: agents of one run, journalled in the run's Durable Object, against the steps of other engines that keep each of them on disk, and against rows in SQLite alone.
 */

const STEPS = isSmoke ? [10] : [10, 100, 1_000, 10_000];
/** The others, as far as they go in a minute. */
const THEIR_STEPS = isSmoke ? [] : [10, 100, 1_000];

const folder = mkdtempSync(join(tmpdir(), 'ensemble-bench-'));
const [ours, theirs] = [join(folder, 'ours'), join(folder, 'theirs')];
for (const each of [ours, theirs]) mkdirSync(each);
await build();
const host = await openRunHost({ persist: ours });
const workflows = openBareWorkflow(theirs);
const peer = isSmoke ? undefined : await loadPeer<DurablePeer>('langgraph-sqlite');
const langGraph = await peer?.open(folder);

const LANGGRAPH = peer?.name ?? 'LangGraph with SQLite';
const OURS = 'Ensemble, journalled';
const WORKFLOWS = 'Workflows emulator';
const RAW = 'raw SQLite insert';
const named = (name: string, count: number): string => `${name}, ${count.toLocaleString('en')} steps`;
const enough = (count: number): number => (isSmoke ? 1 : Math.max(1, Math.round(200 / count)));

function langGraphSteps({ run }: OpenDurablePeer, count: number): Subject {
  return {
    name: named(LANGGRAPH, count),
    isPeer: true,
    measure: async () => {
      let total = 0;
      const repeats = count > 100 ? 1 : Math.ceil(200 / count);
      for (let done = 0; done < repeats; done += 1) {
        const { n, ms } = await run(count);
        checkChainEnd(count, n);
        total += ms;
      }
      return (total * 1_000) / repeats / count;
    },
  };
}

try {
  await runBenchmark({
    name: 'durable',
    unit: 'µs a step',
    about:
      'A run of 10 to 10,000 steps in a row, of which each adds a number to what the one before it gave, from its first step to its last, with every step on disk; divided by the steps. Ours is the real RunObject in workerd with its journal; Workflows is the emulator of wrangler and Miniflare, also in workerd; LangGraph keeps checkpoints with its SQLite saver; the floor is a row a step, each in a transaction of its own.',
    caveats: [
      'Ours writes the events of agents without effects in groups (before the next effect, before a wait, after a few milliseconds and at the end): a crash may repeat such agents, and nobody has seen them. The others keep each step before the next one begins. With an effect in each agent ours writes before each too: see [code-agents](#code-agents).',
      'Workflows is an emulator, not what Cloudflare runs: each of its steps is several calls between objects. Its deployed cost is another one and not measured.',
      'LangGraph keeps all channels with each step (a checkpoint), not the step alone, and its writes; it does not wait for the disk (`synchronous = NORMAL`).',
      'A run of 10 steps carries the start and the end of the run in a tenth each. The clock of workerd counts whole milliseconds, so that short runs are measured over many.',
      ...(langGraph === undefined || langGraph.node === process.versions.node
        ? []
        : [
            `LangGraph ran in a process of its own under Node ${langGraph.node}, for which its SQLite binding was compiled on this machine.`,
          ]),
    ],
    rounds: 5,
    subjects: [
      ...STEPS.map((count) => ({
        ...microsecondsInWorkerd(named(OURS, count), { host, program: chainProgram(count), count, repeats: enough(count) }),
        target: '≤ 60',
      })),
      ...THEIR_STEPS.map((count) => workflows.subject(named(WORKFLOWS, count), count, count === 10 ? 3 : 1)),
      ...(langGraph === undefined ? [] : THEIR_STEPS.map((count) => langGraphSteps(langGraph, count))),
      ...STEPS.map((count) => rawInserts(named(RAW, count), folder, count, 'NORMAL')),
      ...(isSmoke ? [] : [rawInserts(named(`${RAW}, each waited for`, 1_000), folder, 1_000, 'FULL')]),
    ],
    notDone: isSmoke
      ? []
      : [
          {
            subject: named(WORKFLOWS, 10_000),
            why: 'at the pace of 1,000 steps one round would take about half a minute',
          },
          {
            subject: named(LANGGRAPH, 10_000),
            why: 'each of its checkpoints says what every node has seen, so that a row of ten times as many takes a hundred times the time and the disk: gigabytes',
          },
          ...(langGraph === undefined ? [{ subject: LANGGRAPH, why: 'no Node of this machine loads the binding of better-sqlite3' }] : []),
        ],
    comparisons: [
      ...STEPS.map((count) => ({ subject: named(OURS, count), against: named(RAW, count) })),
      { subject: named(OURS, 10_000), against: named(OURS, 10), target: '≤ 1.5' },
      { subject: named(OURS, 10_000), against: named(OURS, 1_000), target: '≤ 1.5' },
      ...THEIR_STEPS.map((count) => ({ subject: named(WORKFLOWS, count), against: named(OURS, count) })),
      ...THEIR_STEPS.map((count) => ({ subject: named(LANGGRAPH, count), against: named(OURS, count) })),
    ],
  });
  await langGraph?.[Symbol.asyncDispose]();

  await measureFilesOfSteps({ host, workflows, ours, theirs });
  await measureFilesOfRuns({ host, ours });
} finally {
  await host.close();
  await workflows[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
}
