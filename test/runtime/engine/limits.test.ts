import { describe, expect, test } from 'vitest';
import type { OperationResult } from '../../../src/runtime/operations/operation.ts';
import { OperationFailure } from '../../../src/runtime/operations/operation-failure.ts';
import { FakeClock } from './support/fake-clock.ts';
import { eventsOf, outline, runToEnd, startRun } from './support/test-run.ts';

const agents = `
agents:
  - { name: a, operation: transform, config: { value: 1 }, onError: continue }
  - { name: skipped, operation: transform, condition: false, config: { value: 1 } }
  - { name: b, operation: transform, config: { value: 2 }, onError: continue }
`;
const thinking = (limits: string): string => `
ensemble: e
limits: ${limits}
agents:
  - { name: one, operation: think, config: { provider: openai, model: m, prompt: p }, onError: continue, retry: { maxAttempts: 3, initialDelay: 0 } }
  - { name: two, operation: think, config: { provider: openai, model: m, prompt: p }, onError: continue }
`;
const answer: OperationResult = { output: 'text', usage: { input_tokens: 60, output_tokens: 40, cost_usd: 0.02 }, model: 'm' };

describe('limits', () => {
  test('`max_steps` counts the agents that began, and ends the run whatever handles failures', async () => {
    expect((await runToEnd(`ensemble: e\nlimits: { max_steps: 2 }${agents}`)).finished).toMatchObject({ status: 'succeeded', steps: 2 });
    const run = await runToEnd(`ensemble: e\nlimits: { max_steps: 1 }${agents}`);
    expect(run.finished).toMatchObject({ status: 'failed', failure: { code: 'LIMIT_STEPS' }, steps: 1 });
    expect(outline(run)).not.toContain('agent.started b');
  });

  test('`max_steps` counts the agents inside agent files', async () => {
    const run = await runToEnd('ensemble: e\nlimits: { max_steps: 2 }\nagents: [{ name: two, onError: continue }]\n', {
      agentFiles: {
        two: 'agent: two\noperations:\n  - { name: x, operation: transform, config: { value: 1 } }\n  - { name: y, operation: transform, config: { value: 1 } }\n',
      },
    });
    expect(run.finished).toMatchObject({ status: 'failed', failure: { code: 'LIMIT_STEPS' } });
  });

  test('`max_tokens` ends the run once the call that went beyond is in the journal', async () => {
    const run = await runToEnd(thinking('{ max_tokens: 99 }'), { think: async () => answer });
    expect(run.finished).toMatchObject({
      status: 'failed',
      failure: { code: 'LIMIT_TOKENS', message: 'The run has used 100 tokens; `limits.max_tokens` allows 99.' },
      usage: answer.usage,
    });
    expect(outline(run)).toEqual(['run.started', 'agent.started one', 'agent.finished one', 'run.stopping', 'run.finished']);
  });

  test('`max_tokens` counts failed tries too and tries no further', async () => {
    let tries = 0;
    const run = startRun(thinking('{ max_tokens: 150 }'), {
      think: async () => {
        tries += 1;
        throw new OperationFailure(
          { code: 'MODEL_OUTPUT', message: 'no', retryable: true },
          { usage: { input_tokens: 60, output_tokens: 40 } },
        );
      },
    });
    await run.clock.advance(0);
    expect(await run.done).toMatchObject({ status: 'failed', failure: { code: 'LIMIT_TOKENS' } });
    expect(tries).toBe(2);
  });

  test('`max_cost_usd` sums what the calls cost', async () => {
    expect((await runToEnd(thinking('{ max_cost_usd: 0.04 }'), { think: async () => answer })).finished.status).toBe('succeeded');
    expect((await runToEnd(thinking('{ max_cost_usd: 0.03 }'), { think: async () => answer })).finished).toMatchObject({
      failure: { code: 'LIMIT_COST', message: 'The run has cost $0.04; `limits.max_cost_usd` allows $0.03.' },
    });
  });

  test('`max_duration` cancels the agent at work', async () => {
    const run = startRun(
      'ensemble: e\nlimits: { max_duration: 5s }\nagents:\n  - { name: a, operation: http, config: { url: "http://x/" }, onError: continue }\n',
      {
        http: () => new Promise(() => {}),
      },
    );
    await run.clock.advance(4_999);
    expect(eventsOf(run, 'run.finished')).toEqual([]);
    await run.clock.advance(1);
    expect(await run.done).toMatchObject({ status: 'failed', failure: { code: 'LIMIT_DURATION' }, duration_ms: 5_000 });
    expect(outline(run)).toEqual(['run.started', 'agent.started a', 'run.stopping', 'agent.failed a', 'run.finished']);
  });

  test('`max_duration` ends a run of agents that never wait, too', async () => {
    const clock = new FakeClock();
    const run = startRun(`ensemble: e\nlimits: { max_duration: 10ms }${agents}`, { clock });
    const { now } = clock;
    let calls = 0;
    clock.now = () => now.call(clock) + calls++ * 4;
    expect(await run.done).toMatchObject({ status: 'failed', failure: { code: 'LIMIT_DURATION' } });
  });

  test('leave no timer behind', async () => {
    const run = await runToEnd(`ensemble: e\nlimits: { max_duration: 5s }${agents}`);
    expect(run.finished.status).toBe('succeeded');
    expect(run.clock.sleeping).toBe(0);
  });

  test('may be expressions, which read the input, the state and the variables', async () => {
    const source = (limits: string): string => `ensemble: e\nstate: { initial: { most: 1 } }\nlimits: ${limits}${agents}`;
    const stopped = { status: 'failed', failure: { code: 'LIMIT_STEPS' }, steps: 1 };
    expect((await runToEnd(source('{ max_steps: "${state.most}" }'))).finished).toMatchObject(stopped);
    expect((await runToEnd(source('{ max_steps: "${input.most}" }'), { input: { most: 1 } })).finished).toMatchObject(stopped);
    expect((await runToEnd(source('{ max_steps: "${Number(env.MOST)}" }'), { env: { MOST: '2' } })).finished.status).toBe('succeeded');
  });

  test('`max_duration` may be an expression that gives a text', async () => {
    const run = startRun(
      'ensemble: e\nlimits: { max_duration: "${input.minutes}m" }\nagents:\n  - { name: a, operation: http, config: { url: "http://x/" } }\n',
      { input: { minutes: 2 }, http: () => new Promise(() => {}) },
    );
    await run.clock.advance(119_999);
    expect(eventsOf(run, 'run.finished')).toEqual([]);
    await run.clock.advance(1);
    expect(await run.done).toMatchObject({ failure: { code: 'LIMIT_DURATION' }, duration_ms: 120_000 });
  });

  test('that are no limits once they are worked out fail the run before its first agent', async () => {
    const run = await runToEnd(`ensemble: e\nlimits: { max_tokens: "\${input.most}" }${agents}`, { input: { most: 'many' } });
    expect(run.finished).toMatchObject({
      status: 'failed',
      failure: { code: 'CONFIG_INVALID', message: 'limits.max_tokens: expected a whole number from 0 on, found the text "many".' },
      steps: 0,
    });
  });
});
