import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/program/json.ts';
import type { EventBody, RunEvent } from '../../../src/program/run-event.ts';
import { failure } from '../../../src/runtime/failure.ts';
import { fold } from '../../../src/runtime/journal/fold.ts';
import { fc } from '../../support/fast-check.ts';
import { runToEnd } from '../engine/support/test-run.ts';

const paths = fc.constantFrom('a', 'b', 'a:compensate', 'outer', 'outer/inner', 'outer/other', 'each[3]/inner[0]');
const steps = fc.constantFrom('parallel#1', 'each', 'outer/while#1[2]');
const keys = fc.constantFrom('x', 'y', '__proto__', 'constructor', '');
const values = fc.array(fc.tuple(keys, fc.jsonValue()), { maxLength: 3 }).map((entries) => Object.fromEntries(entries) as JsonObject);
const failed = failure('NETWORK', 'no').failure;
const bodies: fc.Arbitrary<EventBody> = fc.oneof(
  fc.record({ type: fc.constant('agent.started' as const), agent: paths, operation: fc.constant('http') }),
  fc.record({ type: fc.constant('agent.started' as const), agent: paths, operation: fc.constant('http'), compensates: paths }),
  fc.record({ type: fc.constant('run.compensating' as const), agents: fc.array(paths, { maxLength: 3 }) }),
  fc.record({ type: fc.constant('step.started' as const), step: steps, kind: fc.constant('parallel' as const), branches: fc.nat(5) }),
  fc.record({ type: fc.constant('step.started' as const), step: steps, kind: fc.constant('loop' as const), items: fc.constant([1, 2]) }),
  fc.record({ type: fc.constant('step.decided' as const), step: steps, took: fc.constantFrom('again', 'stop'), round: fc.nat(9) }),
  fc.record({
    type: fc.constant('step.finished' as const),
    step: steps,
    output: fc.jsonValue() as fc.Arbitrary<JsonObject>,
    duration_ms: fc.nat(),
    tainted: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('step.failed' as const),
    step: steps,
    failure: fc.constant(failed),
    agent: paths,
    duration_ms: fc.nat(),
    handled: fc.boolean(),
    tainted: fc.boolean(),
  }),
  fc.record({ type: fc.constant('attempt.started' as const), agent: paths, attempt: fc.integer({ min: 2, max: 9 }) }),
  fc.record({ type: fc.constant('attempt.failed' as const), agent: paths, attempt: fc.constant(1), failure: fc.constant(failed) }),
  fc.record({
    type: fc.constant('agent.finished' as const),
    agent: paths,
    output: fc.jsonValue() as fc.Arbitrary<JsonObject>,
    attempts: fc.constant(1),
    duration_ms: fc.nat(),
    tainted: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('agent.failed' as const),
    agent: paths,
    failure: fc.constant(failed),
    attempts: fc.constant(1),
    duration_ms: fc.nat(),
    handled: fc.boolean(),
    tainted: fc.boolean(),
  }),
  fc.record({ type: fc.constant('agent.skipped' as const), agent: paths, condition: fc.string(), saw: fc.constant(null) }),
  fc.record({ type: fc.constant('state.loaded' as const), scope: fc.string(), backend: fc.constant('kv'), values }),
  fc.record({
    type: fc.constant('state.loaded' as const),
    agent: fc.constantFrom('outer', 'each[3]'),
    scope: fc.string(),
    backend: fc.constant('kv'),
    version: fc.nat(),
    values,
  }),
  fc.record({
    type: fc.constant('state.set' as const),
    agent: fc.oneof(paths, steps),
    values,
    writes: values,
    tainted: fc.array(keys, { maxLength: 2 }),
  }),
  fc.record({
    type: fc.constant('state.committed' as const),
    scope: fc.string(),
    backend: fc.constant('kv'),
    version: fc.nat(),
    keys: fc.constant([]),
    merged: fc.boolean(),
  }),
  fc.record({ type: fc.constant('state.failed' as const), scope: fc.string(), backend: fc.constant('kv'), failure: fc.constant(failed) }),
  fc.record({ type: fc.constant('run.resumed' as const), attempt: fc.integer({ min: 2, max: 5 }) }),
  fc.record({
    type: fc.constant('run.resumed' as const),
    attempt: fc.constant(2),
    program: fc.constant('other'),
    agents: fc.constant(['b']),
  }),
  fc.record({ type: fc.constant('run.forked' as const), from: fc.constant('old'), agent: paths, values }),
  fc.record({ type: fc.constantFrom('run.paused' as const, 'run.continued' as const) }),
  fc.record({ type: fc.constant('run.stopping' as const), status: fc.constant('failed' as const), failure: fc.constant(failed) }),
  fc.record({ type: fc.constant('run.answered' as const), agent: paths, approved: fc.boolean() }),
  fc.record({ type: fc.constant('run.signalled' as const), name: fc.string() }),
  fc.record({ type: fc.constant('value.drawn' as const), source: fc.constant('now' as const), value: fc.nat() }),
  fc.record({ type: fc.constant('run.waiting' as const), agent: paths, reason: fc.constant('time' as const) }),
  fc.record({ type: fc.constant('run.waiting' as const), agent: paths, reason: fc.constant('signal' as const), signal: fc.string() }),
  fc.record({ type: fc.constant('log' as const), agent: paths, level: fc.constant('info' as const), message: fc.string() }),
);
const journals: fc.Arbitrary<readonly RunEvent[]> = fc
  .array(bodies, { maxLength: 40 })
  .map((list) => list.map((body, index) => ({ seq: index, at: 1_000 + index, run: 'r', ...body })));

describe('folding a journal', () => {
  test('folding a prefix and then the rest gives what folding all gives', () => {
    fc.assert(
      fc.property(journals, fc.nat(40), (events, cut) => {
        expect(fold(events.slice(cut), fold(events.slice(0, cut)))).toEqual(fold(events));
      }),
    );
  });

  test('changes neither the events nor the snapshot that it goes on from', () => {
    fc.assert(
      fc.property(journals, fc.nat(40), (events, cut) => {
        const before = structuredClone(events);
        const prefix = fold(events.slice(0, cut));
        const copy = structuredClone(prefix);
        fold(events.slice(cut), prefix);
        expect(prefix).toEqual(copy);
        expect(events).toEqual(before);
      }),
    );
  });

  test('says of a real run what its last event says, and the state as it stood', async () => {
    const run = await runToEnd(`
ensemble: e
state: { schema: { n: number, m: number }, initial: { m: 5 } }
agents:
  - { name: a, operation: transform, config: { value: 1 }, state: { set: { n: "\${a.output}" } } }
  - { name: b, operation: transform, config: { value: "\${input.x.y.trim()}" }, onError: continue }
  - { name: c, operation: transform, condition: false, config: { value: 1 } }
output: "\${state.n}"
`);
    const snapshot = fold(run.events);
    expect(snapshot).toMatchObject({
      run: 'run-1',
      status: 'succeeded',
      ensemble: 'e',
      output: 1,
      order: ['a', 'b', 'c'],
      steps: 2,
      nextSeq: run.events.length,
    });
    expect([...snapshot.agents].map(([path, { status }]) => `${path} ${status}`)).toEqual(['a finished', 'b failed', 'c skipped']);
    expect(snapshot.states.get('')).toMatchObject({ values: { n: 1, m: 5 }, pending: [{ agent: 'a', values: { n: 1 } }] });
  });

  test('a run that is paused is, whatever it waits for and whoever resumes it after a crash, until it goes on', () => {
    const statusAfter = (...bodies: readonly EventBody[]) => fold(bodies.map((body, seq) => ({ seq, at: seq, run: 'r', ...body }))).status;
    const paused: EventBody = { type: 'run.paused' };
    const waits: EventBody = { type: 'run.waiting', agent: 'a', reason: 'approval' };
    const ends: EventBody = { type: 'attempt.failed', agent: 'a', attempt: 1, failure: failed };
    expect(statusAfter(paused, waits, ends, { type: 'run.resumed', attempt: 2 })).toBe('paused');
    expect(statusAfter(paused, waits, { type: 'run.continued' })).toBe('waiting');
    expect(statusAfter(paused, waits, ends, { type: 'run.continued' })).toBe('running');
  });

  test("the values of a fork take the place of what its state held, and a program that of the run's own", () => {
    const bodies: readonly EventBody[] = [
      { type: 'state.loaded', scope: 's', backend: 'memory', values: { n: 1, m: 2 }, tainted: ['n'] },
      { type: 'run.forked', from: 'old', agent: 'a', values: { n: 5 } },
      { type: 'run.resumed', attempt: 2, program: 'new', agents: ['b'] },
    ];
    const snapshot = fold(bodies.map((body, seq) => ({ seq, at: 100 + seq, run: 'r', ...body })));
    expect(snapshot.states.get('')).toMatchObject({
      values: { n: 5, m: 2 },
      writtenAt: { n: 101 },
      tainted: [],
      pending: [{ agent: '', values: { n: 5 } }],
    });
    expect(snapshot).toMatchObject({ program: 'new', order: ['b'], attempt: 2 });
  });

  test('a run waits as long as one of its agents does', () => {
    const ended = { attempts: 1, duration_ms: 1, tainted: false };
    const events: readonly EventBody[] = [
      { type: 'agent.started', agent: 'a', operation: 'approval' },
      { type: 'agent.started', agent: 'b[1]', operation: 'wait' },
      { type: 'run.waiting', agent: 'a', reason: 'approval', prompt: 'May I?', data: { much: 1 } },
      { type: 'run.waiting', agent: 'b[1]', reason: 'time', until: 99 },
      { type: 'agent.finished', agent: 'a', ...ended },
      { type: 'attempt.failed', agent: 'b[1]', attempt: 1, failure: failed },
      { type: 'run.waiting', agent: 'b[1]', reason: 'time', until: 100 },
      { type: 'agent.failed', agent: 'b[1]', failure: failed, handled: true, ...ended },
    ];
    const journal = events.map((body, seq) => ({ seq, at: seq, run: 'r', ...body }));
    const told = journal.map((_, index) => {
      const { status, waiting } = fold(journal.slice(0, index + 1));
      return [status, ...waiting.keys()];
    });
    expect(told).toEqual([
      ['running'],
      ['running'],
      ['waiting', 'a'],
      ['waiting', 'a', 'b[1]'],
      ['waiting', 'b[1]'],
      ['running'],
      ['waiting', 'b[1]'],
      ['running'],
    ]);
    expect([...fold(journal.slice(0, 4)).waiting.values()]).toEqual([
      { reason: 'approval', at: 2, prompt: 'May I?' },
      { reason: 'time', at: 3, until: 99 },
    ]);
  });

  test('counts what agents set as pending until a commit covers it', () => {
    const events: readonly EventBody[] = [
      { type: 'state.loaded', scope: 's', backend: 'd1', version: 3, values: { n: 1 }, initial: { m: 0 } },
      { type: 'state.set', agent: 'a', values: { n: 2 }, writes: { n: 2 }, tainted: ['n'] },
      { type: 'state.committed', scope: 's', backend: 'd1', version: 4, keys: ['n'], merged: false },
      { type: 'state.set', agent: 'b', values: { n: 3 }, writes: { n: 3 }, tainted: [] },
    ];
    const snapshot = fold(events.map((body, seq) => ({ seq, at: seq, run: 'r', ...body })));
    expect(snapshot.states.get('')).toEqual({
      scope: 's',
      backend: 'd1',
      version: 4,
      values: { n: 3, m: 0 },
      writtenAt: { n: 3 },
      tainted: [],
      pending: [{ agent: 'b', at: 3, values: { n: 3 }, writes: { n: 3 }, tainted: [] }],
    });
  });

  test('tells how far flow steps are, what they decided, and what is in them by its iteration', async () => {
    const run = await runToEnd(`
ensemble: e
agents:
  - name: each
    type: foreach
    items: [1, 2]
    steps:
      - { name: double, operation: transform, config: { value: "\${item * 2}" } }
      - { type: branch, condition: "\${item > 1}", then: { name: big, operation: transform, config: { value: yes } } }
  - { name: calls, operation: transform, loop: { items: [3] }, config: { value: "\${item}" } }
  - name: rounds
    type: while
    condition: "\${index < 2}"
    steps: [{ name: fails, operation: assert, config: { that: "\${index < 1}" } }]
output: "\${rounds.error}"
`);
    const { flow, agents } = fold(run.events);
    expect([...flow].map(([path, { status, kind }]) => `${path} ${kind} ${status}`)).toEqual([
      'each foreach finished',
      'branch#1[0] branch finished',
      'branch#1[1] branch finished',
      'calls loop finished',
      'rounds while failed',
    ]);
    expect(flow.get('each')).toMatchObject({ items: [1, 2], rounds: 2, output: [null, 'yes'], decided: [] });
    expect(flow.get('branch#1[1]')).toMatchObject({ decided: [{ took: 'then', saw: true }], output: 'yes' });
    expect(flow.get('rounds')).toMatchObject({
      decided: [
        { took: 'again', round: 0 },
        { took: 'again', round: 1 },
      ],
      failedAgent: 'fails[1]',
      handled: true,
    });
    expect([...agents.keys()]).toEqual(['double[0]', 'double[1]', 'big[1]', 'calls[0]', 'fails[0]', 'fails[1]']);
  });

  test('knows the state of a file that a loop runs by the iteration, and who is undone', async () => {
    const counter = `
agent: counter
state: { schema: { n: number } }
operations: [{ name: set, operation: transform, config: { value: "\${input.by}" }, state: { set: { n: "\${set.output}" } } }]
`;
    const run = await runToEnd(
      `
ensemble: e
agents:
  - { name: each, agent: counter, loop: { items: [5, 6] }, input: { by: "\${item}" } }
  - { name: charge, operation: transform, config: { value: 1 }, compensate: { operation: log, config: { message: back } } }
  - { name: fails, operation: assert, config: { that: false } }
`,
      { agentFiles: { counter } },
    );
    const { states, compensating, agents } = fold(run.events);
    expect([...states].map(([path, { values }]) => [path, values])).toEqual([
      ['each[0]', { n: 5 }],
      ['each[1]', expect.objectContaining({ n: 6 })],
    ]);
    expect(compensating).toEqual(new Map([['', ['charge']]]));
    expect(agents.get('charge:compensate')).toMatchObject({ status: 'finished', compensates: 'charge' });
  });

  test('takes time in proportion to the events, though each sets the state', () => {
    const events = Array.from({ length: 50_000 }, (_, index): RunEvent => {
      const header = { seq: index, at: index, run: 'r' };
      if (index === 0) return { ...header, type: 'state.loaded', scope: 's', backend: 'memory', values: {} };
      return { ...header, type: 'state.set', agent: `a${index}`, values: { [`k${index}`]: 1 }, writes: {}, tainted: [] };
    });
    expect(Object.keys(fold(events).states.get('')?.values ?? {})).toHaveLength(49_999);
  }, 2_000);

  test('takes time in proportion to the events, though each decides, taints or ends something', () => {
    const events = Array.from({ length: 60_000 }, (_, index): RunEvent => {
      const header = { seq: index, at: index, run: 'r' };
      if (index === 0) return { ...header, type: 'state.loaded', scope: 's', backend: 'memory', values: {} };
      if (index === 1) return { ...header, type: 'step.started', step: 'rounds', kind: 'while' };
      if (index % 2 === 0) return { ...header, type: 'step.decided', step: 'rounds', took: 'again', round: index };
      return { ...header, type: 'state.set', agent: `a[${index}]`, values: { [`k${index}`]: 1 }, writes: {}, tainted: [`k${index}`] };
    });
    const snapshot = fold(events);
    expect(snapshot.flow.get('rounds')?.decided).toHaveLength(29_999);
    expect(snapshot.states.get('')?.tainted).toHaveLength(29_999);
  }, 2_000);
});
