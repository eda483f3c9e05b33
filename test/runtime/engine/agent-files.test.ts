import { describe, expect, test } from 'vitest';
import { failure } from '../../../src/runtime/failure.ts';
import { fold } from '../../../src/runtime/journal/fold.ts';
import { eventsOf, outline, runToEnd, startRun } from './support/test-run.ts';

const agentFiles = {
  counter: `
agent: counter
inputs: { by: { type: number, default: 1 } }
state: { schema: { count: { type: number, default: 0 } } }
operations:
  - { name: add, operation: transform, config: { value: "\${state.count + input.by}" }, state: { use: [count], set: { count: "\${add.output}" } } }
  - { name: show, operation: transform, config: { value: "\${input.by}: \${state.count}" }, state: { use: [count] } }
outputs: { shown: "\${show.output}", all: "\${state}" }
`,
  caller: `
agent: caller
operations:
  - { name: call, operation: http, config: { url: "http://x/" } }
`,
};

describe('an agent file', () => {
  test('runs its own steps with its own input, state and results; its events lie in the same journal', async () => {
    const run = await runToEnd(
      `
ensemble: e
state: { schema: { count: { type: number, default: 100 } } }
agents:
  - { name: counter, input: { by: 2 }, state: { set: { count: 101 } } }
  - { name: after, operation: transform, config: { value: ["\${counter.output}", "\${state.count}"] }, state: { use: [count] } }
`,
      { agentFiles },
    );
    expect(run.finished).toMatchObject({ output: [{ shown: '2: 2', all: { count: 2 } }, 101], steps: 4 });
    expect(outline(run)).toEqual([
      'run.started',
      'state.loaded',
      'agent.started counter',
      'state.loaded counter',
      'agent.started counter/add',
      'state.set counter/add',
      'agent.finished counter/add',
      'agent.started counter/show',
      'agent.finished counter/show',
      'state.set counter',
      'agent.finished counter',
      'agent.started after',
      'agent.finished after',
      'run.finished',
    ]);
    const { states } = fold(run.events);
    expect([states.get('')?.values, states.get('counter')?.values]).toEqual([{ count: 101 }, { count: 2 }]);
  });

  test('is given the input of the run where the agent has none, and its defaults', async () => {
    expect((await runToEnd('ensemble: e\nagents: [{ name: counter }]\n', { agentFiles, input: { by: 5 } })).finished.output).toMatchObject({
      shown: '5: 5',
    });
    expect((await runToEnd('ensemble: e\nagents: [{ name: counter }]\n', { agentFiles })).finished.output).toMatchObject({ shown: '1: 1' });
  });

  test('fails with INPUT_INVALID when its input is wrong', async () => {
    const { finished } = await runToEnd('ensemble: e\nagents: [{ name: counter, input: { by: "${input.by}" } }]\n', {
      agentFiles,
      input: { by: 'many' },
    });
    expect(finished).toMatchObject({ status: 'failed', agent: 'counter', failure: { code: 'INPUT_INVALID' } });
  });

  test('fails as its inner agent does, and the run names the inner one', async () => {
    const http = async (): Promise<never> => {
      throw failure('NETWORK', 'no answer');
    };
    const run = await runToEnd('ensemble: e\nagents: [{ name: caller }]\n', { agentFiles, http });
    expect(run.finished).toMatchObject({ status: 'failed', agent: 'caller/call', failure: { code: 'NETWORK' } });
    expect(outline(run).slice(-4)).toEqual(['agent.failed caller/call', 'attempt.failed caller', 'agent.failed caller', 'run.finished']);
    expect((await runToEnd('ensemble: e\nagents: [{ name: caller, onError: continue }]\n', { agentFiles, http })).finished.status).toBe(
      'succeeded',
    );
  });

  test('is tried again as a whole', async () => {
    let tries = 0;
    const run = startRun('ensemble: e\nagents: [{ name: caller, retry: { maxAttempts: 2, initialDelay: 0 } }]\n', {
      agentFiles,
      http: async () => {
        tries += 1;
        if (tries === 1) throw failure('NETWORK', 'no answer', { retryable: true });
        return { output: 'ok' };
      },
    });
    await run.clock.advance(0);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: 'ok' });
    expect(eventsOf(run, 'agent.started').map(({ agent }) => agent)).toEqual(['caller', 'caller/call', 'caller/call']);
  });

  test('ends with its timeout: what is inside is cancelled and journalled first', async () => {
    const run = startRun('ensemble: e\nagents: [{ name: caller, timeout: 50, onError: continue }]\noutput: "${caller.failure.code}"\n', {
      agentFiles,
      http: () => new Promise(() => {}),
    });
    await run.clock.advance(50);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: 'TIMEOUT' });
    expect(outline(run)).toEqual([
      'run.started',
      'agent.started caller',
      'agent.started caller/call',
      'run.stopping caller',
      'agent.failed caller/call',
      'attempt.failed caller',
      'agent.failed caller',
      'run.finished',
    ]);
  });

  test('is cancelled with the run, inner agents first', async () => {
    const run = startRun('ensemble: e\nagents: [{ name: caller, onError: continue }]\n', { agentFiles, http: () => new Promise(() => {}) });
    await run.clock.advance(0);
    run.cancel();
    expect(await run.done).toMatchObject({ status: 'cancelled' });
    expect(outline(run).slice(-3)).toEqual(['agent.failed caller/call', 'agent.failed caller', 'run.finished']);
  });
});
