import type { Program } from '../src/program/program.ts';
import { OPERATIONS } from '../src/runtime/operations/index.ts';
import type { Operation } from '../src/runtime/operations/operation.ts';
import { programOf } from '../test/runtime/engine/support/program-of.ts';
import { runBenchmark, type Subject } from './harness.ts';
import { runInMemory } from './in-memory.ts';

/** `log` stands at the beginning and at the end of each program: between the two lies what the run holds of its steps. */
const PROBE = 'log';
const BEGIN = '  - { name: begin, operation: log, config: { message: begin } }\n';
const END = '  - { name: end, operation: log, config: { message: end } }\n';

const foreach = (count: number): Program =>
  programOf(`ensemble: bench
agents:
${BEGIN}  - name: each
    type: foreach
    items: \${Array.from({ length: ${count} }, (_, index) => index)}
    concurrency: 50
    steps:
      - { name: add, operation: transform, config: { value: { n: "\${item + input.x}" } } }
${END}`);

const agents = (count: number): Program =>
  programOf(
    `ensemble: bench\nagents:\n${BEGIN}${Array.from({ length: count }, (_, index) => `  - { name: a${index}, operation: transform, config: { value: { n: "\${${index} + input.x}" } } }\n`).join('')}${END}`,
  );

function heapUsed(): number {
  // What the first pass frees may hold what the second one finds.
  for (let pass = 0; pass < 2; pass += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Bytes of heap for each item that a run holds at its end. The run is warm: what it compiles once is there. */
function bytesEach(name: string, count: number, program: Program): Subject {
  const held: number[] = [];
  const probe: Operation = {
    name: PROBE,
    effect: false,
    taints: false,
    run: () => {
      held.push(heapUsed());
      return { output: undefined };
    },
  };
  const operations = new Map([...OPERATIONS, [PROBE, probe]]);
  return {
    name,
    measure: async () => {
      await runInMemory(program, operations);
      // What still holds the end of this run is gone before the next one begins: abort signals are freed in two passes, with a turn of the event loop between them.
      for (let pass = 0; pass < 2; pass += 1) {
        heapUsed();
        await new Promise((resolve) => setImmediate(resolve));
      }
      held.length = 0;
      await runInMemory(program, operations);
      const [begin = Number.NaN, end = Number.NaN] = held;
      return (end - begin) / count;
    },
  };
}

if (globalThis.gc === undefined) throw new Error('run this with --expose-gc, as `npm run bench` does');

await runBenchmark({
  name: 'memory',
  unit: 'bytes an item',
  rounds: 5,
  subjects: [
    bytesEach('foreach, 1,000 items', 1_000, foreach(1_000)),
    bytesEach('foreach, 10,000 items', 10_000, foreach(10_000)),
    bytesEach('1,000 agents', 1_000, agents(1_000)),
    bytesEach('10,000 agents', 10_000, agents(10_000)),
  ],
  comparisons: [
    { subject: 'foreach, 10,000 items', against: 'foreach, 1,000 items', target: 'flat' },
    { subject: '10,000 agents', against: '1,000 agents', target: 'flat' },
  ],
});
