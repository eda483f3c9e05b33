import { build } from '../scripts/build.ts';
import type { Program } from '../src/program/program.ts';
import { programOf } from '../test/runtime/engine/support/program-of.ts';
import { openRunHost } from '../test/worker/support/run-host.ts';
import { runBenchmark } from './harness.ts';
import { microsecondsEach, runInMemory } from './in-memory.ts';
import { microsecondsInWorkerd } from './in-workerd.ts';

const CONCURRENCY = 50;

/** A loop over `count` items whose one agent gives a number. */
const foreach = (count: number, concurrency: number): Program =>
  programOf(`ensemble: bench
agents:
  - name: each
    type: foreach
    items: \${Array.from({ length: ${count} }, (_, index) => index)}
    concurrency: ${concurrency}
    steps:
      - { name: add, operation: transform, config: { value: "\${item + input.x}" } }
output: \${each.output.length}
`);

/** The same agents one after another, without dependencies on each other. */
const agents = (count: number, concurrency: number): Program =>
  programOf(
    `ensemble: bench\nconcurrency: ${concurrency}\nagents:\n${Array.from({ length: count }, (_, index) => `  - { name: a${index}, operation: transform, config: { value: "\${${index} + input.x}" } }\n`).join('')}`,
  );

/** What no loop can do without: a pool of workers that take the next item, and the results in item order. */
async function barePool(count: number): Promise<unknown> {
  const results = new Array<number>(count);
  const run = async (item: number): Promise<number> => item + 1;
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      results[index] = await run(index);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return results;
}

await build();
const host = await openRunHost();
const programs = {
  side1000: foreach(1_000, CONCURRENCY),
  side10000: foreach(10_000, CONCURRENCY),
  inOrder1000: foreach(1_000, 1),
  agentsInOrder: agents(1_000, 1),
  agentsSideBySide: agents(1_000, CONCURRENCY),
};

try {
  await runBenchmark({
    name: 'flow',
    unit: 'µs an item',
    about:
      'A loop whose one agent adds a number, over 1,000 and 10,000 items, one after another and 50 at once, against the same agents without a loop and against a bare pool of 50 async functions; in memory, and journalled in workerd.',
    caveats: ['The items do nothing that takes time: what a loop costs beside real work, not how much it gains by doing it side by side.'],
    rounds: 7,
    subjects: [
      microsecondsEach('bare pool of 50 over 10,000', 10_000, () => barePool(10_000)),
      microsecondsEach('foreach, 1,000 items in order', 1_000, () => runInMemory(programs.inOrder1000)),
      microsecondsEach('foreach, 1,000 items, 50 at once', 1_000, () => runInMemory(programs.side1000)),
      microsecondsEach('foreach, 10,000 items, 50 at once', 10_000, () => runInMemory(programs.side10000)),
      microsecondsEach('1,000 agents in order', 1_000, () => runInMemory(programs.agentsInOrder)),
      microsecondsEach('1,000 agents, concurrency 50', 1_000, () => runInMemory(programs.agentsSideBySide)),
      microsecondsInWorkerd('in workerd, 1,000 items, 50 at once', { host, program: programs.side1000, count: 1_000, repeats: 4 }),
      microsecondsInWorkerd('in workerd, 10,000 items, 50 at once', { host, program: programs.side10000, count: 10_000 }),
    ],
    comparisons: [
      { subject: 'foreach, 10,000 items, 50 at once', against: 'bare pool of 50 over 10,000' },
      { subject: 'foreach, 10,000 items, 50 at once', against: 'foreach, 1,000 items, 50 at once', target: '≤ 1.5' },
      { subject: 'foreach, 1,000 items, 50 at once', against: 'foreach, 1,000 items in order' },
      { subject: 'foreach, 1,000 items in order', against: '1,000 agents in order' },
      { subject: '1,000 agents, concurrency 50', against: '1,000 agents in order' },
      { subject: 'in workerd, 10,000 items, 50 at once', against: 'in workerd, 1,000 items, 50 at once', target: '≤ 1.5' },
    ],
  });
} finally {
  await host.close();
}
