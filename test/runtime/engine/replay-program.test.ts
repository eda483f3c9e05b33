import { describe, expect, test } from 'vitest';
import type { Program } from '../../../src/program/program.ts';
import type { RunEvent } from '../../../src/program/run-event.ts';
import { type ReplayResult, replayProgram } from '../../../src/runtime/engine/replay/replay-program.ts';
import { failure } from '../../../src/runtime/failure.ts';
import { fc } from '../../support/fast-check.ts';
import { DRAWN_FILES, drawnFlows, writeFlow } from './support/drawn-flow.ts';
import { settle } from './support/fake-clock.ts';
import { programOf } from './support/program-of.ts';
import { runToEnd, startRun, type TestRunOptions } from './support/test-run.ts';

/** More, and others, by hand: `FUZZ_SEED=random REPLAY_RUNS=500`. */
const RUNS = Number(process.env.REPLAY_RUNS ?? 30);

const replay = (program: Program, events: readonly RunEvent[], env = {}, secrets: readonly string[] = []): Promise<ReplayResult> =>
  replayProgram({ program, programHash: 'hash', events, env, secrets });

const TEXT = `
ensemble: e
state: { schema: { n: { type: number, default: 0, reducer: add } } }
agents:
  - { name: a, operation: http, config: { url: "http://x/" }, state: { set: { n: "\${a.output.v}" } } }
  - { name: skip, operation: http, config: { url: "http://x/" }, condition: "\${state.n > 5}", state: { use: [n] } }
  - name: each
    type: foreach
    items: \${[1, 2, input.last]}
    steps: [{ name: b, operation: transform, config: { value: "\${item * 2}" } }]
  - name: check
    type: branch
    condition: \${a.output.v > 2}
    then: [{ name: large, operation: log, config: { message: large } }]
    else: [{ name: small, operation: log, config: { message: small } }]
  - { name: part, agent: part, input: { v: "\${each.output}" } }
output: { n: "\${state.n}", part: "\${part.output}", id: "\${crypto.randomUUID()}" }
`;
const PART = `
agent: part
inputs: { v: array }
operations:
  - { name: inner, operation: transform, config: { value: "\${input.v.length}" } }
outputs: { count: "\${inner.output}", at: "\${Date.now()}" }
`;
const http: TestRunOptions['http'] = () => ({ output: { v: 4 } });
const recorded = (options: TestRunOptions = {}) => runToEnd(programOf(TEXT, { part: PART }), { http, input: { last: 3 }, ...options });
const changed = (from: string, to: string) => programOf(TEXT.replace(from, to), { part: PART });

describe('a replay', () => {
  test('of the program that wrote the record finds no difference, and calls nothing', async () => {
    const { events } = await recorded();
    expect(await replay(programOf(TEXT, { part: PART }), events)).toEqual({ type: 'same', events: events.length });
  });

  test('of a run that goes on, wherever it is, finds no difference', async () => {
    const { events } = await recorded();
    for (let count = 1; count < events.length; count += 1) {
      expect(await replay(programOf(TEXT, { part: PART }), events.slice(0, count))).toEqual({ type: 'ended', events: count });
    }
  });

  test.each<[string, Program, Partial<Extract<ReplayResult, { type: 'different' }>>]>([
    [
      'a condition',
      changed('state.n > 5', 'state.n > 3'),
      {
        expected: expect.objectContaining({ type: 'agent.skipped' }),
        found: expect.objectContaining({ type: 'agent.started', agent: 'skip' }),
      },
    ],
    [
      'items',
      changed('input.last]', 'input.last + 1]'),
      { expected: expect.objectContaining({ items: [1, 2, 3] }), found: expect.objectContaining({ items: [1, 2, 4] }) },
    ],
    [
      'a decision',
      changed('a.output.v > 2', 'a.output.v > 9'),
      { expected: expect.objectContaining({ took: 'then' }), found: expect.objectContaining({ took: 'else', saw: false }) },
    ],
    [
      'what an agent sets',
      changed('n: "${a.output.v}"', 'n: "${a.output.v + 1}"'),
      { expected: expect.objectContaining({ values: { n: 4 } }), found: expect.objectContaining({ type: 'state.set', values: { n: 5 } }) },
    ],
    [
      'the output of a file',
      programOf(TEXT, { part: PART.replace('"${inner.output}"', '"${inner.output + 1}"') }),
      {
        expected: expect.objectContaining({ type: 'agent.finished', agent: 'part' }),
        found: expect.objectContaining({ output: { count: 4, at: expect.any(Number) } }),
      },
    ],
    [
      'the output',
      changed('n: "${state.n}", part', 'm: "${state.n}", part'),
      {
        expected: expect.objectContaining({ type: 'run.finished' }),
        found: expect.objectContaining({ output: expect.objectContaining({ m: 4 }) }),
      },
    ],
    [
      'an operation',
      changed('name: b, operation: transform, config: { value: "${item * 2}" }', 'name: b, operation: log, config: { message: x }'),
      { expected: expect.objectContaining({ operation: 'transform' }), found: expect.objectContaining({ operation: 'log' }) },
    ],
    [
      'a new agent',
      changed('  - name: check', '  - { name: extra, operation: log, config: { message: x } }\n  - name: check'),
      { expected: expect.objectContaining({ type: 'step.started', step: 'check' }), why: 'Nothing leads there: "extra" would come first.' },
    ],
    [
      'an agent that is gone',
      changed('  - { name: skip, operation: http, config: { url: "http://x/" }, condition: "${state.n > 5}", state: { use: [n] } }\n', ''),
      { expected: expect.objectContaining({ type: 'agent.skipped', agent: 'skip' }), why: 'Nothing leads there: "each" would come first.' },
    ],
  ])('finds that %s is another', async (_, program, difference) => {
    const { events } = await recorded();
    const result = await replay(program, events);
    expect(result).toMatchObject({ type: 'different', ...difference });
    if (result.type === 'different') expect(events[result.seq]).toEqual(result.expected);
  });

  test('takes variables from those that it is given, and compares what they led to as redacted', async () => {
    const program = programOf(
      'ensemble: e\nagents:\n  - { name: a, operation: log, config: { message: m }, condition: "${env.MODE}" }\noutput: ${env.KEY}\n',
    );
    const env = { MODE: '', KEY: 'hunter2hunter2' };
    const { events } = await runToEnd(program, { env, secrets: ['KEY'] });
    expect(events.at(-1)).toMatchObject({ output: '[secret KEY]' });
    expect(await replay(program, events, env, ['KEY'])).toMatchObject({ type: 'same' });
    expect(await replay(program, events, { ...env, MODE: 'x' }, ['KEY'])).toMatchObject({ type: 'different', seq: 1 });
  });

  test('of any flow, whatever failed in it and was undone, finds no difference', async () => {
    await fc.assert(
      fc.asyncProperty(drawnFlows, fc.integer({ min: 1, max: 3 }), fc.infiniteStream(fc.nat(9)), async (steps, concurrency, draws) => {
        const program = programOf(writeFlow(steps, concurrency, { outside: true }), DRAWN_FILES.agents, DRAWN_FILES.ensembles);
        const draw = (): number => draws.next().value ?? 0;
        const open: (() => void)[] = [];
        const run = startRun(program, {
          input: { yes: true },
          http: async () => {
            await new Promise<void>((resolve) => open.push(resolve));
            if (draw() < 3) throw failure('NETWORK', 'no answer', { retryable: true });
            return { output: draw() };
          },
        });
        let isOver = false;
        void run.done.then(() => {
          isOver = true;
        });
        // One thing ends after another: which of two was first is never a matter of turns.
        while (!isOver) {
          await settle();
          const [end] = open.splice(draw() % Math.max(1, open.length), 1);
          if (end === undefined) await run.clock.advance(10);
          else end();
        }
        expect(await replay(program, run.events)).toEqual({ type: 'same', events: run.events.length });
      }),
      { numRuns: RUNS },
    );
  });
});
