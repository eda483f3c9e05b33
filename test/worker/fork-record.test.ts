import { describe, expect, test } from 'vitest';
import type { EventBody, RunEvent } from '../../src/program/run-event.ts';
import { buildForkRecord, type ForkedEvent, findCut, listBegun } from '../../src/worker/fork-record.ts';

const eventsOf = (...bodies: readonly EventBody[]): readonly RunEvent[] =>
  bodies.map((body, seq) => ({ seq, at: 100 + seq, run: 'old', ...body }));
const started = (agent: string): EventBody => ({ type: 'agent.started', agent, operation: 'log' });
const finished = (agent: string): EventBody => ({ type: 'agent.finished', agent, attempts: 1, duration_ms: 1, tainted: false });
const START: EventBody = {
  type: 'run.started',
  format: 1,
  ensemble: 'e',
  file: 'e.yaml',
  program: 'p',
  input: null,
  agents: [],
  attempt: 1,
};
const asIs = (event: RunEvent): ForkedEvent => ({ event, shown: event });
const NEW_START = asIs({ seq: 0, at: 900, run: 'new', ...START });
const FORKED = asIs({ seq: 0, at: 900, run: 'new', type: 'run.forked', from: 'old', agent: 'b' });

describe('where a fork cuts', () => {
  const events = eventsOf(
    START,
    started('a'),
    finished('a'),
    { type: 'agent.skipped', agent: 'b' } as EventBody,
    { type: 'step.started', step: 'loop', kind: 'loop', items: [1, 2] },
    started('loop[0]'),
    finished('loop[0]'),
    started('loop[1]'),
  );

  test('is before the first event of an agent, skipped or not, of a loop, or of one round of it', () => {
    expect(['a', 'b', 'loop', 'loop[1]'].map((path) => findCut(events, path))).toEqual([1, 3, 4, 7]);
  });

  test('is at the first round where the positions are left out and nothing else has that path', () => {
    const inside = eventsOf(START, started('outer[3]/in[0]'), started('outer[4]/in[0]'));
    expect(findCut(inside, 'outer/in')).toBe(1);
  });

  test('is nowhere for what never began', () => {
    expect(findCut(events, 'c')).toBeUndefined();
    expect(listBegun(events)).toEqual(['a', 'b', 'loop', 'loop[0]', 'loop[1]']);
  });
});

describe('what a fork begins with', () => {
  test('are the events before the cut under its own name, numbered anew, each at its time', () => {
    const events = eventsOf(START, started('a'), finished('a'), started('b'));
    expect(
      buildForkRecord({ events, shown: [] }, { cut: 3, run: 'new', started: NEW_START, ends: [FORKED] }).map(({ event }) => event),
    ).toEqual([NEW_START.event, { ...events[1], seq: 1, run: 'new' }, { ...events[2], seq: 2, run: 'new' }, { ...FORKED.event, seq: 3 }]);
  });

  test('leaves out that the old run was resumed, paused or stopped as a whole, and keeps what it stopped inside', () => {
    const failure = { code: 'TIMEOUT', message: 'late', retryable: true } as const;
    const events = eventsOf(
      START,
      { type: 'run.resumed', attempt: 2 },
      { type: 'run.paused' },
      { type: 'run.continued' },
      { type: 'run.stopping', agent: 'outer', status: 'failed', failure },
      { type: 'run.stopping', status: 'failed', failure },
      { type: 'run.forked', from: 'older', agent: 'a' },
      started('b'),
    );
    const record = buildForkRecord({ events, shown: [] }, { cut: 7, run: 'new', started: NEW_START, ends: [FORKED] });
    expect(record.map(({ event }) => [event.type, event.seq])).toEqual([
      ['run.started', 0],
      ['run.stopping', 1],
      ['run.forked', 2],
      ['run.forked', 3],
    ]);
    expect(record[1]?.event).toMatchObject({ agent: 'outer' });
  });

  test('shows as little of secrets as the old run did', () => {
    const events = eventsOf(START, { type: 'log', agent: 'a', level: 'info', message: 'the secret' }, started('b'));
    const shown = eventsOf(START, { type: 'log', agent: 'a', level: 'info', message: '[secret A]' }).slice(1);
    const [, log] = buildForkRecord({ events, shown }, { cut: 2, run: 'new', started: NEW_START, ends: [FORKED] });
    expect(log).toMatchObject({ event: { message: 'the secret', run: 'new' }, shown: { message: '[secret A]', run: 'new' } });
  });
});
