import { bundleWorker } from '../test/worker/support/bundle-worker.ts';
import { openRunHost } from '../test/worker/support/run-host.ts';
import { runBenchmark, type Subject } from './harness.ts';

/*
 * What one run asks of the platform, as it is billed: requests to Durable Objects (alarms are requests) and rows that their databases read and write (an alarm that is set is a row), counted
 * in the real Worker. docs/scale.md makes prices of it. Counts, not times: they are the same on each machine.
 */

const agents = (count: number, agent: (index: number) => string): string =>
  `agents:\n${Array.from({ length: count }, (_, index) => `  - { name: a${index}, ${agent(index)} }\n`).join('')}`;

const RUNS: Readonly<Record<string, string>> = {
  'one agent': `ensemble: one\n${agents(1, () => 'operation: transform, config: { value: 1 }')}`,
  'ten agents': `ensemble: ten\n${agents(10, (index) => `operation: transform, config: { value: ${index} }`)}`,
  'ten agents with effects': `ensemble: effects\n${agents(10, (index) => `operation: storage, config: { type: kv, action: put, key: k${index}, value: v }`)}`,
  'one agent, state in a Durable Object': `ensemble: stateful\nstate: { backend: durable-object, key: "\${run.id}" }\n${agents(1, () => 'operation: transform, config: { value: 1 }, state: { set: { x: "${1}" } }')}`,
  'a wait of a second': `ensemble: waiting\n${agents(1, () => 'operation: wait, config: { for: 1s }')}`,
};

const host = await openRunHost({ script: await bundleWorker('fixtures/metered-worker.js') });
/** Reports reach the index a moment after the run is over. */
const SETTLES_MS = 300;

async function meter(): Promise<Readonly<Record<string, number>>> {
  return (await (await host.request('/meter')).json()) as Readonly<Record<string, number>>;
}

const counts = new Map<string, Readonly<Record<string, number>>>();
for (const [name, source] of Object.entries(RUNS)) {
  // The first one of all makes the tables of the index.
  for (let time = 0; time < 2; time += 1) {
    await meter();
    const last = (await host.run(source, { run: crypto.randomUUID() })).at(-1);
    if (last?.type !== 'run.finished' || last.status !== 'succeeded') throw new Error(JSON.stringify(last));
    await new Promise((resolve) => setTimeout(resolve, SETTLES_MS));
    counts.set(name, await meter());
  }
}
await host.close();

const sumOf = (name: string, end: string): number =>
  Object.entries(counts.get(name) ?? {})
    .filter(([what]) => what.endsWith(end))
    .reduce((sum, [, count]) => sum + count, 0);
const subjectsOf = (what: string, name = what): readonly Subject[] =>
  Object.keys(RUNS).map((run) => ({ name: name === '' ? run : `${name}, ${run}`, measure: () => sumOf(run, what) }));
const caveats = ['Counted, not timed: the same on each machine. That the platform counts alike is taken from its documentation.'];
await runBenchmark({
  name: 'scale',
  unit: 'a run',
  about:
    'What one run asks of the platform, as it is billed, counted in the real Worker: requests to Durable Objects (alarms are requests), and rows that their databases write and read (an alarm that is set is a row).',
  caveats,
  rounds: 0,
  subjects: ['requests', 'rows written', 'rows read'].flatMap((what) => subjectsOf(what)),
  comparisons: [],
});
await runBenchmark({
  name: 'scale-size',
  unit: 'bytes a run',
  about: 'How large the database of the same runs is afterwards, as SQLite counts its pages.',
  caveats,
  rounds: 0,
  subjects: subjectsOf('RunObject bytes', ''),
  comparisons: [],
});
