import { describe, expect, test } from 'vitest';
import type { EventBody, RunEvent } from '../../../../src/program/run-event.ts';
import { agentLine } from '../../../../src/runtime/engine/replay/event-lines.ts';
import { RecordedRun } from '../../../../src/runtime/engine/replay/recorded-run.ts';

const started = (agent: string): EventBody => ({ type: 'agent.started', agent, operation: 'http' });
const finished = (agent: string): EventBody => ({ type: 'agent.finished', agent, attempts: 1, duration_ms: 0, tainted: false });
const record = (...bodies: readonly EventBody[]): RecordedRun =>
  new RecordedRun(
    bodies.map((body, seq): RunEvent => ({ seq, at: 100 + seq, run: 'r', ...body })),
    2,
  );

describe('a record', () => {
  test('gives each event its turn when all before it is taken, whoever comes first, and shows its time', async () => {
    const run = record(started('a'), started('b'), finished('b'), finished('a'));
    const order: string[] = [];
    const walk = async (agent: string): Promise<void> => {
      for (const body of [started(agent), finished(agent)]) {
        await run.turn(agentLine(agent));
        order.push(`${body.type} ${agent} ${run.now}`);
        expect(run.take(body)).toBe(true);
      }
    };
    await Promise.all([walk('b'), walk('a')]);
    expect(order).toEqual(['agent.started a 100', 'agent.started b 101', 'agent.finished b 102', 'agent.finished a 103']);
  });

  test('is live once all is taken, and holds back what is to be cancelled until nothing else moves', async () => {
    const run = record(started('a'), started('b'));
    const seen: string[] = [];
    run.hold(() => seen.push('cancelled'));
    const live = run.live().then(() => seen.push('live'));
    for (const agent of ['a', 'b']) {
      for (let turn = 0; turn < 20; turn += 1) await undefined;
      run.take(started(agent));
      seen.push(agent);
    }
    await live;
    expect(seen).toEqual(['a', 'b', 'cancelled', 'live']);
    expect([run.isLive, run.isOver, run.attempt]).toEqual([true, true, 2]);
    run.hold(() => seen.push('at once'));
    expect(seen.at(-1)).toBe('at once');
  });

  test('of another program gives what is left to whoever comes to it', async () => {
    const run = record(started('gone'), finished('gone'), started('a'), finished('a'));
    expect(await run.turn(agentLine('a'))).toMatchObject({ type: 'agent.started', agent: 'a' });
    expect([run.isLive, run.isOver]).toEqual([true, false]);
    expect(run.take(started('a'))).toBe(true);
    expect(run.take(started('new'))).toBe(false);
    expect(run.take({ type: 'agent.skipped', agent: 'a', condition: '', saw: null })).toBe(false);
    expect(run.turn(agentLine('a'))).toBeUndefined();
  });

  test('stops again what was stopped, once that has begun and nothing else moves', async () => {
    const stopped = { code: 'CANCELLED', message: 'enough', retryable: false } as const;
    const run = record(started('a'), { type: 'run.stopping', status: 'cancelled', failure: stopped }, finished('a'));
    const seen: string[] = [];
    run.take(started('a'));
    run.onStop('', () => false);
    run.onStop('', ({ failure }) => seen.push(failure.message) > 0);
    expect(seen).toEqual([]);
    expect(await run.turn(agentLine('a'))).toMatchObject({ type: 'agent.finished' });
    expect(seen).toEqual(['enough']);
  });
});
