import { describe, expect, test } from 'vitest';
import type { EventBody, RunEvent } from '../../src/program/run-event.ts';
import { OpenSignals } from '../../src/runtime/open-signals.ts';
import { fc } from '../support/fast-check.ts';

const NEVER = new AbortController().signal;
const event = (body: EventBody): RunEvent => ({ seq: 0, at: 0, run: 'r', ...body });
const waits = (agent: string, signal: string) => event({ type: 'run.waiting', agent, reason: 'signal', signal });
const ended = (agent: string) => event({ type: 'agent.finished', agent, attempts: 1, duration_ms: 1, tainted: false });

describe('signals', () => {
  test('go to whoever waits longest for their name', async () => {
    const signals = new OpenSignals();
    const [first, other, second] = [
      signals.take('a', 'paid', NEVER),
      signals.take('b', 'shipped', NEVER),
      signals.take('c', 'paid', NEVER),
    ];
    expect(signals.taker('paid')).toBe('a');
    for (const [name, data] of [
      ['paid', 1],
      ['paid', 2],
      ['shipped', 3],
    ] as const)
      signals.give(name, data);
    expect(await Promise.all([first, second, other])).toEqual([{ data: 1 }, { data: 2 }, { data: 3 }]);
  });

  test('that nobody waits for are kept, and taken once, oldest first', async () => {
    const signals = new OpenSignals();
    expect(signals.taker('paid')).toBe(undefined);
    signals.give('paid', 1);
    signals.give('paid', undefined);
    expect(await signals.take('a', 'paid', NEVER)).toEqual({ data: 1 });
    expect(await signals.take('b', 'paid', NEVER)).toEqual({});
    const third = signals.take('c', 'paid', NEVER);
    signals.give('paid', 3);
    expect(await third).toEqual({ data: 3 });
  });

  test('pass over an agent that was stopped', async () => {
    const signals = new OpenSignals();
    const stop = new AbortController();
    const stopped = signals.take('a', 'paid', stop.signal);
    const next = signals.take('b', 'paid', NEVER);
    stop.abort(new Error('over'));
    await expect(stopped).rejects.toThrow('over');
    signals.give('paid', 1);
    expect(await next).toEqual({ data: 1 });
  });

  test('of a name such as __proto__ are like others', async () => {
    const signals = new OpenSignals();
    signals.give('__proto__', 1);
    expect(await signals.take('a', '__proto__', NEVER)).toEqual({ data: 1 });
  });
});

describe('a resumed run', () => {
  test('gives a cut agent the signal that it had been given', async () => {
    const signals = new OpenSignals();
    signals.recall(waits('a', 'paid'));
    signals.recall(event({ type: 'run.signalled', name: 'paid', data: 1, agent: 'a' }));
    signals.give('paid', 2);
    expect(await signals.take('a', 'paid', NEVER)).toEqual({ data: 1 });
    expect(await signals.take('b', 'paid', NEVER)).toEqual({ data: 2 });
  });

  test('does not give away again what an agent that ended took', async () => {
    const signals = new OpenSignals();
    for (const past of [event({ type: 'run.signalled', name: 'paid', data: 1 }), waits('a', 'paid'), ended('a')]) signals.recall(past);
    const next = signals.take('b', 'paid', NEVER);
    signals.give('paid', 2);
    expect(await next).toEqual({ data: 2 });
  });

  test('keeps the order of those who waited, whoever begins first', async () => {
    const signals = new OpenSignals();
    for (const past of [waits('a', 'paid'), waits('b', 'paid')]) signals.recall(past);
    const second = signals.take('b', 'paid', NEVER);
    expect(signals.taker('paid')).toBe('a');
    signals.give('paid', 1);
    signals.give('paid', 2);
    expect(await second).toEqual({ data: 2 });
    expect(await signals.take('a', 'paid', NEVER)).toEqual({ data: 1 });
  });

  /** A life of signals as the engine leads it: what is written is written where it is decided. */
  type Act = { readonly do: 'take' | 'give' | 'end'; readonly name: string; readonly agent: string };
  const acts = fc.array(
    fc.record({ do: fc.constantFrom('take', 'give', 'end'), name: fc.constantFrom('x', 'y'), agent: fc.constantFrom('a', 'b', 'c') }),
    { maxLength: 30 },
  );

  async function live(signals: OpenSignals, from: Life, list: readonly Act[]): Promise<Life> {
    const life: Life = { journal: [...from.journal], at: new Map(from.at), got: new Map(from.got), count: from.count };
    for (const [agent, name] of life.at) follow(agent, signals.take(agent, name, NEVER));
    function follow(agent: string, taken: Promise<{ data?: unknown }>) {
      void taken.then(({ data }) => life.got.set(agent, data));
    }
    for (const act of list) {
      if (act.do === 'take' && !life.at.has(act.agent)) {
        life.at.set(act.agent, act.name);
        follow(act.agent, signals.take(act.agent, act.name, NEVER));
        life.journal.push(waits(act.agent, act.name));
      } else if (act.do === 'give') {
        const agent = signals.taker(act.name);
        life.count += 1;
        life.journal.push(event({ type: 'run.signalled', name: act.name, data: life.count, ...(agent === undefined ? {} : { agent }) }));
        signals.give(act.name, life.count);
      } else if (act.do === 'end' && life.got.has(act.agent)) {
        life.at.delete(act.agent);
        life.got.delete(act.agent);
        life.journal.push(ended(act.agent));
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    return life;
  }
  interface Life {
    readonly journal: RunEvent[];
    readonly at: Map<string, string>;
    readonly got: Map<string, unknown>;
    count: number;
  }
  const BIRTH: Life = { journal: [], at: new Map(), got: new Map(), count: 0 };

  test('goes on as one that never stopped', async () => {
    await fc.assert(
      fc.asyncProperty(acts, acts, async (before, after) => {
        const whole = await live(new OpenSignals(), BIRTH, [...before, ...after] as Act[]);
        const cut = await live(new OpenSignals(), BIRTH, before as Act[]);
        const signals = new OpenSignals();
        for (const past of cut.journal) signals.recall(past);
        const resumed = await live(signals, { ...cut, got: new Map() }, [{ do: 'end', name: '', agent: 'nobody' }, ...(after as Act[])]);
        expect(resumed.journal).toEqual(whole.journal);
        await new Promise((resolve) => setImmediate(resolve));
        expect([...resumed.got].sort()).toEqual([...whole.got].sort());
      }),
      { numRuns: 300 },
    );
  });
});
