import { describe, expect, test } from 'vitest';
import { FailureError, failure } from '../../../src/runtime/failure.ts';
import { OperationFailure } from '../../../src/runtime/operations/operation-failure.ts';
import { settle } from './support/fake-clock.ts';
import { eventsOf, outline, runToEnd, startRun } from './support/test-run.ts';

const file = (more: string): string => `
ensemble: e
agents:
  - name: call
    operation: http
    config: { url: "http://x/", body: "\${crypto.randomUUID()}" }
${more}
output: { tries: "\${call.attempts}", again: "\${call.retry_count}", took: "\${call.duration}" }
`;
const busy = (retryAfterMs?: number): FailureError =>
  failure('HTTP_STATUS', '503', { status: 503, retryable: true, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

describe('retry', () => {
  test('tries again after each pause until one try succeeds', async () => {
    let tries = 0;
    const run = startRun(file('    retry: { maxAttempts: 4, backoff: exponential, initialDelay: 100, jitter: false }'), {
      http: async () => {
        tries += 1;
        if (tries < 4) throw busy();
        return { output: tries };
      },
    });
    await run.clock.advance(99);
    expect(tries).toBe(1);
    await run.clock.advance(1);
    expect(tries).toBe(2);
    await run.clock.advance(199);
    expect(tries).toBe(2);
    await run.clock.advance(1);
    expect(tries).toBe(3);
    await run.clock.advance(400);
    const finished = await run.done;
    expect(finished).toMatchObject({ status: 'succeeded', output: { tries: 4, again: 3, took: 700 }, steps: 1 });
    expect(outline(run)).toEqual([
      'run.started',
      'agent.started call',
      'value.drawn call',
      'attempt.failed call',
      'attempt.started call',
      'attempt.failed call',
      'attempt.started call',
      'attempt.failed call',
      'attempt.started call',
      'agent.finished call',
      'run.finished',
    ]);
    expect(eventsOf(run, 'attempt.failed').map(({ attempt, retry_in_ms }) => [attempt, retry_in_ms])).toEqual([
      [1, 100],
      [2, 200],
      [3, 400],
    ]);
  });

  test('sends the same config and the same idempotency key with each try', async () => {
    const seen: unknown[] = [];
    const run = startRun(file('    retry: { maxAttempts: 3, initialDelay: 0 }'), {
      http: async (config, { idempotencyKey }) => {
        seen.push([config.body, idempotencyKey]);
        throw busy();
      },
    });
    await run.clock.advance(0);
    expect(await run.done).toMatchObject({ status: 'failed' });
    expect(seen).toEqual(Array(3).fill(['uuid-1', 'run-1/call']));
  });

  test('waits as long as the server asks', async () => {
    let tries = 0;
    const run = startRun(file('    retry: { maxAttempts: 2, initialDelay: 10, maxDelay: 20, jitter: false }'), {
      http: async () => {
        tries += 1;
        if (tries === 1) throw busy(7_000);
        return { output: 1 };
      },
    });
    await run.clock.advance(6_999);
    expect(tries).toBe(1);
    await run.clock.advance(1);
    expect(await run.done).toMatchObject({ status: 'succeeded' });
  });

  test('does not happen for a failure that no try mends', async () => {
    const run = await runToEnd(file('    retry: { maxAttempts: 5 }'), {
      http: async () => {
        throw failure('HTTP_STATUS', '404', { status: 404 });
      },
    });
    expect(run.finished).toMatchObject({ status: 'failed' });
    expect(eventsOf(run, 'attempt.failed')).toHaveLength(1);
  });

  test('does not happen without `retry`', async () => {
    const run = await runToEnd(file(''), {
      http: async () => {
        throw busy();
      },
    });
    expect(eventsOf(run, 'attempt.failed')).toMatchObject([{ attempt: 1 }]);
    expect(eventsOf(run, 'agent.failed')).toMatchObject([{ attempts: 1 }]);
  });

  test('is given up at once when the run is cancelled meanwhile', async () => {
    const run = startRun(file('    retry: { maxAttempts: 3, initialDelay: 60000, maxDelay: 60000, jitter: false }'), {
      http: async () => {
        throw busy();
      },
    });
    await settle();
    expect(run.clock.sleeping).toBe(1);
    await run.clock.advance(60_000);
    run.cancel();
    expect(await run.done).toMatchObject({ status: 'cancelled' });
    expect(run.clock.sleeping).toBe(0);
    expect(eventsOf(run, 'agent.failed')).toMatchObject([{ attempts: 2, failure: { code: 'CANCELLED' } }]);
  });

  test('never happens when the config cannot be evaluated', async () => {
    let tries = 0;
    const source = file('    retry: { maxAttempts: 5, initialDelay: 0 }').replace('crypto.randomUUID()', 'input.a.b.trim()');
    const run = await runToEnd(source, {
      http: () => {
        tries += 1;
        return { output: 1 };
      },
    });
    expect(run.finished).toMatchObject({ status: 'failed', failure: { code: 'EXPRESSION' } });
    expect(tries).toBe(0);
  });

  test('journals a failed try before the pause after it', async () => {
    const run = startRun(file('    retry: { maxAttempts: 2, initialDelay: 60000 }'), {
      http: async () => {
        throw busy();
      },
    });
    await settle();
    expect(outline(run)).toEqual(['run.started', 'agent.started call', 'value.drawn call', 'attempt.failed call']);
    run.cancel();
    await run.done;
  });
});

describe('what is known of a failed try', () => {
  test('the response and the usage, summed over all tries, reach events and later expressions', async () => {
    let tries = 0;
    const run = startRun(
      `
ensemble: e
agents:
  - name: ask
    operation: think
    config: { provider: openai, model: m, prompt: p }
    retry: { maxAttempts: 3, initialDelay: 0 }
    onError: continue
output: { usage: "\${ask.usage}", model: "\${ask.model}" }
`,
      {
        think: async () => {
          tries += 1;
          throw new OperationFailure(
            { code: 'MODEL_OUTPUT', message: 'not the schema', retryable: true },
            { usage: { input_tokens: 10, output_tokens: tries, cost_usd: 0.5 }, model: 'm-1' },
          );
        },
      },
    );
    await run.clock.advance(0);
    const usage = { input_tokens: 30, output_tokens: 6, cost_usd: 1.5 };
    expect(await run.done).toMatchObject({ status: 'succeeded', output: { usage, model: 'm-1' }, usage });
    expect(eventsOf(run, 'agent.failed')).toMatchObject([{ usage, model: 'm-1', attempts: 3 }]);
  });

  test('the response of an http agent', async () => {
    const response = { status: 500, ok: false, headers: { a: 'b' }, url: 'http://x/' };
    const run = await runToEnd(`${file('    onError: continue').split('output:')[0]}output: "\${call.response}"`, {
      http: async () => {
        throw new OperationFailure(busy().failure, { response });
      },
    });
    expect(run.finished.output).toEqual(response);
    expect(eventsOf(run, 'agent.failed')).toMatchObject([{ response }]);
  });
});

describe('timeout', () => {
  test('fires the signal of the try, which fails with TIMEOUT and may be tried again', async () => {
    const fired: unknown[] = [];
    const run = startRun(file('    timeout: 50ms\n    retry: { maxAttempts: 2, initialDelay: 10, jitter: false }'), {
      http: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            fired.push(signal.reason instanceof FailureError && signal.reason.failure.code);
            reject(new Error('as fetch does'));
          });
        }),
    });
    await run.clock.advance(49);
    expect(fired).toEqual([]);
    await run.clock.advance(1);
    expect(fired).toEqual(['TIMEOUT']);
    await run.clock.advance(60);
    expect(await run.done).toMatchObject({
      status: 'failed',
      failure: { code: 'TIMEOUT', message: 'The attempt took longer than 50 ms and was cancelled.', retryable: true },
    });
    expect(fired).toEqual(['TIMEOUT', 'TIMEOUT']);
    expect(eventsOf(run, 'attempt.failed')).toHaveLength(2);
  });

  test('ends a try that ignores its signal', async () => {
    const run = startRun(file('    timeout: 50ms'), { http: () => new Promise(() => {}) });
    await run.clock.advance(50);
    expect(await run.done).toMatchObject({ failure: { code: 'TIMEOUT' } });
  });

  test('leaves no timer behind when the try is in time', async () => {
    const run = await runToEnd(file('    timeout: 50ms'), { http: async () => ({ output: 1 }) });
    expect(run.finished.status).toBe('succeeded');
    expect(run.clock.sleeping).toBe(0);
  });

  test('does not fire the signal of a try that has ended', async () => {
    let signal: AbortSignal | undefined;
    const run = await runToEnd(file('    timeout: 50ms'), {
      http: async (_, context) => {
        signal = context.signal;
        return { output: 1 };
      },
    });
    await run.clock.advance(100);
    expect(signal?.aborted).toBe(false);
  });
});

describe('timeout.total', () => {
  const total = (more: string): string => file(`    timeout: { total: 1s }\n${more}`);

  test('cancels the try that is under way, and no other follows', async () => {
    const signals: AbortSignal[] = [];
    const run = startRun(total('    retry: { maxAttempts: 5, initialDelay: 0 }'), {
      http: (_, { signal }) => {
        signals.push(signal);
        return new Promise(() => undefined);
      },
    });
    await run.clock.advance(999);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await run.clock.advance(1);
    expect(await run.done).toMatchObject({ status: 'failed', failure: { code: 'TIMEOUT', retryable: false } });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(eventsOf(run, 'attempt.failed')).toMatchObject([{ attempt: 1, failure: { code: 'TIMEOUT' } }]);
    expect(run.clock.sleeping).toBe(0);
  });

  test('counts the pauses, and tells what the last try had failed with', async () => {
    const run = startRun(total('    retry: { maxAttempts: 5, backoff: fixed, initialDelay: 600, jitter: false }'), {
      http: async () => {
        throw busy();
      },
    });
    await run.clock.advance(1_000);
    expect(await run.done).toMatchObject({ failure: { code: 'TIMEOUT', message: expect.stringContaining('503') } });
    expect(eventsOf(run, 'attempt.failed')).toHaveLength(2);
    expect(eventsOf(run, 'agent.failed')).toMatchObject([{ attempts: 2, duration_ms: 1_000 }]);
    expect(run.clock.sleeping).toBe(0);
  });

  test('leaves each try its own time', async () => {
    let tries = 0;
    const run = startRun(
      file('    timeout: { attempt: 300, total: 1s }\n    retry: { maxAttempts: 5, backoff: fixed, initialDelay: 100, jitter: false }'),
      {
        http: () => {
          tries += 1;
          return new Promise(() => undefined);
        },
      },
    );
    await run.clock.advance(1_000);
    expect(await run.done).toMatchObject({ failure: { code: 'TIMEOUT', message: expect.stringContaining('1000 ms with all its tries') } });
    expect(eventsOf(run, 'attempt.failed').map(({ retry_in_ms }) => retry_in_ms)).toEqual([100, 100, undefined]);
    expect(tries).toBe(3);
  });

  test('is no failure of a run that is cancelled, nor of an agent that is done in time', async () => {
    const run = startRun(total(''), { http: () => new Promise(() => undefined) });
    await settle();
    run.cancel();
    expect(await run.done).toMatchObject({ status: 'cancelled' });
    expect(eventsOf(run, 'attempt.failed')).toEqual([]);
    const fast = await runToEnd(total(''), { http: () => ({ output: 1 }) });
    expect(fast.finished.status).toBe('succeeded');
    expect([run.clock.sleeping, fast.clock.sleeping]).toEqual([0, 0]);
  });

  test('ends an agent file with all that it does', async () => {
    let signal: AbortSignal | undefined;
    const run = startRun(
      'ensemble: e\nagents:\n  - { name: outer, timeout: { total: 1s }, retry: { maxAttempts: 3 }, onError: continue }\n',
      {
        agentFiles: {
          outer:
            'agent: outer\noperations:\n  - { name: slow, operation: http, config: { url: "http://x/" }, onError: continue }\n  - { name: after, operation: log, config: { message: never } }\n',
        },
        http: (_, context) => {
          signal = context.signal;
          return new Promise(() => undefined);
        },
      },
    );
    await run.clock.advance(1_000);
    expect(await run.done).toMatchObject({ status: 'succeeded' });
    expect(signal?.aborted).toBe(true);
    expect(eventsOf(run, 'agent.failed')).toMatchObject([
      { agent: 'outer/slow', failure: { code: 'TIMEOUT' } },
      { agent: 'outer', failure: { code: 'TIMEOUT' }, attempts: 1, handled: true },
    ]);
    expect(eventsOf(run, 'log')).toEqual([]);
  });
});
