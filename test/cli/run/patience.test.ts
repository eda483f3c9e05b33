import { describe, expect, test } from 'vitest';
import { Patience } from '../../../src/cli/run/patience.ts';
import type { EventBody } from '../../../src/program/run-event.ts';
import { agentFinished, numberEvents } from '../support/events.ts';
import { createFakeIo } from '../support/fake-io.ts';

const FAILURE = { code: 'NETWORK', message: 'no', retryable: true } as const;
const start = (agent: string): EventBody => ({ type: 'agent.started', agent, operation: 'http' });

function cancel() {
  const io = createFakeIo();
  const patience = new Patience(io);
  let out = false;
  const hear = (...bodies: readonly EventBody[]) => {
    for (const event of numberEvents(bodies)) patience.hear(event);
  };
  /** Moves the clock and lets what is due happen. */
  const statusAfter = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 500) {
      io.advance(500);
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    }
    return out ? 'given up' : 'waiting';
  };
  const begin = () =>
    void patience.run().then(() => {
      out = true;
    });
  return { hear, statusAfter, begin };
}

describe('the patience with a cancelled run', () => {
  test('ends after five seconds of silence', async () => {
    const { statusAfter, begin } = cancel();
    begin();
    expect(await statusAfter(4_500)).toBe('waiting');
    expect(await statusAfter(1_000)).toBe('given up');
  });

  test('begins anew with each event', async () => {
    const { hear, statusAfter, begin } = cancel();
    begin();
    for (let i = 0; i < 10; i += 1) {
      hear({ type: 'log', agent: 'a', level: 'info', message: 'still here' });
      expect(await statusAfter(4_500)).toBe('waiting');
    }
    expect(await statusAfter(1_000)).toBe('given up');
  });

  test('is longer while an agent cleans up, and then as before', async () => {
    const { hear, statusAfter, begin } = cancel();
    begin();
    hear({ type: 'run.compensating', agents: ['charge'] }, start('charge:compensate'));
    expect(await statusAfter(29_000)).toBe('waiting');
    hear(agentFinished('charge:compensate'));
    expect(await statusAfter(4_500)).toBe('waiting');
    expect(await statusAfter(1_000)).toBe('given up');
  });

  test('outlasts the pause before a further try', async () => {
    const { hear, statusAfter, begin } = cancel();
    begin();
    hear(start('refund'), { type: 'attempt.failed', agent: 'refund', attempt: 1, failure: FAILURE, retry_in_ms: 60_000 });
    expect(await statusAfter(89_000)).toBe('waiting');
    expect(await statusAfter(2_000)).toBe('given up');
  });

  test('an agent that was at work before does not lengthen it', async () => {
    const { hear, statusAfter, begin } = cancel();
    hear(start('busy'));
    begin();
    expect(await statusAfter(5_500)).toBe('given up');
  });
});
