import { describe, expect, test } from 'vitest';
import type { EventBody, RunEvent } from '../../../src/program/run-event.ts';
import { fold } from '../../../src/runtime/journal/fold.ts';
import { RunDigest } from '../../../src/runtime/journal/run-digest.ts';
import { agentFailed, agentFinished, agentStarted, FAILURE, finished, numberEvents, STARTED } from '../../cli/support/events.ts';

function digest(bodies: readonly EventBody[]): RunDigest {
  const made = new RunDigest();
  for (const event of numberEvents(bodies)) made.add(event);
  return made;
}

const waits = (agent: string, extra: Partial<Extract<EventBody, { type: 'run.waiting' }>> = {}): EventBody => ({
  type: 'run.waiting',
  agent,
  reason: 'approval',
  ...extra,
});
const STORY: readonly EventBody[] = [
  STARTED,
  agentStarted('fetch'),
  { type: 'attempt.failed', agent: 'fetch', attempt: 1, failure: FAILURE, retry_in_ms: 10 },
  agentFinished('fetch', { attempts: 2 }),
  agentStarted('review'),
  waits('review', { prompt: 'Pay?', approvers: ['ann'] }),
  { type: 'run.paused', reason: 'lunch' },
  { type: 'run.continued' },
  { type: 'run.resumed', attempt: 2 },
  { type: 'run.answered', agent: 'review', approved: true },
  agentFinished('review'),
  agentStarted('ship'),
  agentFailed('ship'),
  finished({ status: 'failed', failure: FAILURE, agent: 'ship', steps: 3, usage: { input_tokens: 5, output_tokens: 7 } }),
];

describe('the digest of a run', () => {
  test('has the status that the fold of its journal has, after each event', () => {
    const made = new RunDigest();
    const passed: RunEvent[] = [];
    for (const event of numberEvents(STORY)) {
      made.add(event);
      passed.push(event);
      expect({ type: event.type, status: made.summary()?.status }).toEqual({ type: event.type, status: fold(passed).status });
    }
  });

  test('says how a run ended', () => {
    expect(digest(STORY).summary()).toEqual({
      run: 'r'.repeat(26),
      ensemble: 'shop',
      file: 'ensembles/shop.yaml',
      status: 'failed',
      started_at: 1_800_000_000_000,
      finished_at: 1_800_000_000_130,
      duration_ms: 1_234,
      last_event_at: 1_800_000_000_130,
      attempt: 2,
      steps: 3,
      agent: 'ship',
      failure: { code: FAILURE.code, message: FAILURE.message },
      usage: { input_tokens: 5, output_tokens: 7 },
    });
  });

  test('says what a run waits for, oldest first, until its agents go on', () => {
    const made = digest([
      STARTED,
      agentStarted('a'),
      waits('a', { prompt: 'Pay?' }),
      agentStarted('b'),
      waits('b', { reason: 'time', until: 5 }),
    ]);
    expect(made.summary()).toMatchObject({
      status: 'waiting',
      waiting: [
        { agent: 'a', reason: 'approval', prompt: 'Pay?' },
        { agent: 'b', reason: 'time', until: 5 },
      ],
    });
    const later = { seq: 5, at: 1_800_000_000_090, run: 'r' };
    made.add({ ...later, ...agentFinished('a') } as RunEvent);
    expect(made.summary()?.waiting).toEqual([{ agent: 'b', reason: 'time', until: 5 }]);
    expect(made.summary()?.last_event_at).toBe(later.at);
  });

  test('knows the run that a fork is of', () => {
    expect(digest([STARTED, { type: 'run.forked', from: 'old', agent: 'sum' }]).summary()?.forked_from).toBe('old');
  });

  test('changes only by events that a list would show', () => {
    const made = digest([STARTED]);
    const before = made.changes;
    for (const [seq, body] of [
      agentStarted('a'),
      agentFinished('a'),
      { type: 'log', agent: 'a', level: 'info', message: '' } as const,
    ].entries()) {
      made.add({ seq: seq + 1, at: 0, run: 'r', ...body } as RunEvent);
    }
    expect(made.changes).toBe(before);
    expect(made.events).toBe(4);
  });

  test('keeps long texts short, without cutting a character in two', () => {
    const message = `${'x'.repeat(999)}😀${'y'.repeat(9_000)}`;
    const failed = digest([STARTED, finished({ status: 'failed', failure: { ...FAILURE, message } })]).summary()?.failure?.message ?? '';
    expect(failed.length).toBeLessThan(1_010);
    expect(failed.isWellFormed()).toBe(true);
  });

  test('is nothing before the run has begun', () => {
    expect(new RunDigest().summary()).toBeUndefined();
  });
});

describe('the tallies of the agents', () => {
  test('count an agent under one path, wherever in loops it ran', () => {
    const made = digest([
      STARTED,
      agentFinished('outer[0]/fetch[1]', { duration_ms: 10, attempts: 3, usage: { input_tokens: 1, output_tokens: 2, cost_usd: 0.5 } }),
      agentFinished('outer[1]/fetch[0]', { duration_ms: 20, cached: true }),
      agentFailed('outer[2]/fetch[0]', { duration_ms: 20, attempts: 2, usage: { input_tokens: 1, output_tokens: 1 } }),
      { type: 'agent.skipped', agent: 'outer[3]/fetch[0]', condition: 'x', saw: null },
      agentFailed('outer[4]/fetch[0]', { stopped: true }),
      agentFailed('outer[5]/fetch[0]', { failure: { ...FAILURE, code: 'CANCELLED' } }),
      agentFinished('outer[0]', { duration_ms: 7 }),
    ]);
    expect(made.agents()).toEqual([
      {
        agent: 'outer/fetch',
        runs: 6,
        succeeded: 2,
        failed: 1,
        skipped: 1,
        stopped: 2,
        retries: 3,
        cache_hits: 1,
        usage: { input_tokens: 2, output_tokens: 3, cost_usd: 0.5 },
        durations: { 10: 1, 20: 2 },
      },
      { agent: 'outer', runs: 1, succeeded: 1, failed: 0, skipped: 0, stopped: 0, retries: 0, cache_hits: 0, durations: { 7: 1 } },
    ]);
  });
});
