import { describe, expect, test } from 'vitest';
import { failure } from '../../../../src/runtime/failure.ts';
import { fc } from '../../../support/fast-check.ts';
import { MemoryKv } from '../support/memory-kv.ts';
import { PendingCalls } from '../support/pending-calls.ts';
import { programOf } from '../support/program-of.ts';
import { startRun } from '../support/test-run.ts';

/** One agent as it is drawn: numbers stand for earlier agents, whichever there are. */
interface Drawn {
  readonly work: 'transform' | 'http' | 'get' | 'put' | 'parallel' | 'foreach' | 'file';
  readonly fails: boolean;
  readonly handled: boolean;
  readonly reads: readonly number[];
  readonly condition: 'none' | 'ran' | 'failed' | 'state' | 'never';
  readonly dependsOn: boolean;
  readonly use: readonly string[];
  readonly set: readonly string[];
  readonly key: string;
}

const STATE_KEYS = ['list', 'last', 'sum', 'free'];
const drawn: fc.Arbitrary<Drawn> = fc.record({
  work: fc.constantFrom('transform', 'http', 'http', 'get', 'put', 'parallel', 'foreach', 'file'),
  fails: fc.nat(5).map((draw) => draw === 0),
  handled: fc.boolean(),
  reads: fc.array(fc.nat(20), { maxLength: 2 }),
  condition: fc.constantFrom('none', 'none', 'none', 'ran', 'failed', 'state', 'never'),
  dependsOn: fc.nat(4).map((draw) => draw === 0),
  use: fc.subarray([...STATE_KEYS, 'state'], { maxLength: 2 }),
  set: fc.subarray(STATE_KEYS, { maxLength: 2 }),
  key: fc.constantFrom('k1', 'k2'),
});

function sourceOf(agents: readonly Drawn[], concurrency: number): string {
  return `
ensemble: e
concurrency: ${concurrency}
state:
  schema:
    list: { type: array, reducer: append }
    last: any
    sum: { type: number, reducer: add, default: 1 }
    free: any
agents:
${agents.map((agent, index) => `  - ${JSON.stringify(agentOf(agent, index))}\n`).join('')}
output: '\${JSON.stringify({ state: state, agents: [${agents.map((_, index) => `a${index}?.output`).join(', ')}] })}'
`;
}

function agentOf(agent: Drawn, index: number): unknown {
  const { work, condition, handled, dependsOn, set } = agent;
  const isBeside = work === 'foreach' || work === 'parallel';
  // What a loop reads of the state that its own items set side by side is a matter of time, also in order.
  const use = isBeside && set.length > 0 ? [] : agent.use;
  const earlier = agent.reads.flatMap((read) => (index === 0 ? [] : [`a${read % index}`]));
  const [first] = earlier;
  const seesState = use.length > 0;
  const value = `\${[${[...earlier.map((name) => `${name}?.output ?? 'none'`), ...(seesState ? [use.includes('state') ? 'state' : `state.${use[0]}`] : []), index].join(', ')}]}`;
  const when = {
    none: undefined,
    ran: first && `\${${first}.executed}`,
    failed: first && `\${!${first}.failed}`,
    state: seesState ? `\${${use.includes('state') ? 'state.sum' : `state.${use[0]}`} !== 3}` : undefined,
    never: false,
  }[condition];
  const common = {
    name: `a${index}`,
    ...(when !== undefined && { condition: when }),
    ...(handled && { onError: 'continue' }),
    ...(dependsOn && first !== undefined && { depends_on: [first] }),
    state: {
      ...(seesState && { use }),
      ...(set.length > 0 && {
        set: Object.fromEntries(set.map((key) => [key, key === 'sum' ? index : `\${[a${index}.output, ${index}]}`])),
      }),
    },
  };
  // Which of several that run side by side are cancelled when one fails is a matter of time, also in order.
  const fails = agent.fails && (handled || !isBeside);
  const call = (name: string) => ({
    operation: 'http',
    config: { method: 'POST', url: `http://${fails ? 'fail' : 'fine'}/${name}`, body: value },
  });
  const inner = { state: common.state };
  switch (work) {
    case 'transform':
      return { ...common, operation: 'transform', config: { value } };
    case 'http':
      return { ...common, ...call(`a${index}`) };
    case 'get':
    case 'put':
      return { ...common, operation: 'storage', config: { type: 'kv', action: work, key: agent.key, ...(work === 'put' && { value }) } };
    case 'file':
      return { ...common, agent: 'counter', input: { by: index } };
    case 'foreach':
      return { ...common, loop: { items: [0, 1, 2], concurrency: 2 }, ...call(`a${index}-\${item}`) };
    case 'parallel':
      return {
        name: `a${index}`,
        parallel: [
          {
            ...call(`a${index}x`),
            name: `a${index}x`,
            ...(handled && { onError: 'continue' }),
            state: setsOwn(inner.state, `a${index}`, `a${index}x`),
          },
          {
            ...call(`a${index}y`),
            name: `a${index}y`,
            ...(handled && { onError: 'continue' }),
            state: setsOwn(inner.state, `a${index}`, `a${index}y`),
          },
        ],
      };
  }
}

/** The state of an agent inside of a step: it sets its own output, not that of the step around it, which is not there yet. */
function setsOwn(state: object, outer: string, own: string): unknown {
  return JSON.parse(JSON.stringify(state).replaceAll(`${outer}.output`, `${own}.output`));
}

const COUNTER = `
agent: counter
state: { schema: { n: { type: number, default: 0, reducer: add } } }
operations:
  - { name: call, operation: http, config: { url: "http://fine/counter", method: POST, body: "\${input.by}" } }
  - { name: up, operation: transform, config: { value: "\${state.n}" }, state: { use: [n], set: { n: 1 } } }
outputs: { seen: "\${up.output}" }
`;

/** A namespace whose calls take as long as the test likes. */
class SlowKv extends MemoryKv {
  readonly #calls: PendingCalls;
  constructor(calls: PendingCalls) {
    super();
    this.#calls = calls;
  }

  override async get(key: string): Promise<string | null> {
    await this.#calls.wait();
    return super.get(key);
  }

  override async put(key: string, value: string, options: { expirationTtl?: number } = {}): Promise<void> {
    await this.#calls.wait();
    return super.put(key, value, options);
  }
}

async function runWith(agents: readonly Drawn[], concurrency: number, choose: (count: number) => number) {
  const calls = new PendingCalls();
  const kv = new SlowKv(calls);
  const run = startRun(programOf(sourceOf(agents, concurrency), { counter: COUNTER }), {
    kv,
    http: async ({ url, body }, { signal }) => {
      await calls.wait();
      signal.throwIfAborted();
      if (String(url).startsWith('http://fail')) throw failure('NETWORK', `no ${String(url)}`);
      return { output: { url: url ?? null, body: body ?? null } };
    },
  });
  const { status, output, failure: failed, agent } = await calls.drive(run.done, choose);
  const ends = run.events.filter(({ type }) =>
    ['agent.finished', 'agent.failed', 'agent.skipped', 'step.finished', 'step.failed'].includes(type),
  );
  return {
    end: { status, output, failure: failed, agent },
    kv: Object.fromEntries([...kv.values].sort()),
    /** What each agent and step came to, in no order. */
    results: ends.map(({ seq: _seq, at: _at, ...rest }) => JSON.stringify(rest)).sort(),
    peak: calls.peak,
  };
}

describe('an ensemble with `concurrency`', () => {
  test('ends as it does in order, with the same state, storage and results, whatever takes how long', async () => {
    let besides = 0;
    let failures = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(drawn, { minLength: 2, maxLength: 8 }),
        fc.integer({ min: 2, max: 8 }),
        fc.infiniteStream(fc.nat()),
        async (agents, concurrency, draws) => {
          const choose = (count: number): number => (draws.next().value ?? 0) % Math.max(1, count);
          const inOrder = await runWith(agents, 1, choose);
          const beside = await runWith(agents, concurrency, choose);
          expect(beside.end).toEqual(inOrder.end);
          if (beside.peak > inOrder.peak) besides += 1;
          if (inOrder.end.status === 'failed') failures += 1;
          if (inOrder.end.status !== 'succeeded') return;
          expect(beside.kv).toEqual(inOrder.kv);
          expect(beside.results).toEqual(inOrder.results);
        },
      ),
      { numRuns: 200 },
    );
    // The drawn ensembles are worth something only when many of them do run side by side, and some fail.
    expect(besides).toBeGreaterThan(30);
    expect(failures).toBeGreaterThan(2);
  });
});
