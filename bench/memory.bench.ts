import type { Program } from '../src/program/program.ts';
import { OPERATIONS } from '../src/runtime/operations/index.ts';
import type { Operation } from '../src/runtime/operations/operation.ts';
import { programOf } from '../test/runtime/engine/support/program-of.ts';
import { runBenchmark, type Subject, sized } from './harness.ts';
import { heapUsed, settledHeap } from './heap.ts';
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
      await settledHeap();
      held.length = 0;
      await runInMemory(program, operations);
      const [begin = Number.NaN, end = Number.NaN] = held;
      return (end - begin) / count;
    },
  };
}

const [few, many] = [sized(1_000, 10), sized(10_000, 100)];

await runBenchmark({
  name: 'memory',
  unit: 'bytes an item',
  about:
    'What the heap of this process holds more at the end of a run than at its beginning, divided by its agents or by the items of its loop: results, scopes and what replays need. The journal is not kept in memory.',
  caveats: [
    'The outputs here are one number each; a run holds the outputs of its agents, so that larger ones count as they are. Twice as many figures in it would be those of V8 at another moment: only what survives two full collections counts.',
  ],
  rounds: 5,
  subjects: [
    bytesEach('foreach, 1,000 items', few, foreach(few)),
    bytesEach('foreach, 10,000 items', many, foreach(many)),
    bytesEach('1,000 agents', few, agents(few)),
    bytesEach('10,000 agents', many, agents(many)),
  ],
  comparisons: [
    { subject: 'foreach, 10,000 items', against: 'foreach, 1,000 items', target: '≤ 1.5' },
    { subject: '10,000 agents', against: '1,000 agents', target: '≤ 1.5' },
  ],
});
