import { describe, expect, test } from 'vitest';
import { failure } from '../../../src/runtime/failure.ts';
import type { OperationResult } from '../../../src/runtime/operations/operation.ts';
import { MemoryKv } from './support/memory-kv.ts';
import { eventsOf, outline, runToEnd, startRun } from './support/test-run.ts';

const never = (): Promise<never> => new Promise(() => {});

describe('an ensemble that another one runs', () => {
  const ensembles = {
    child: `
ensemble: child
input: { by: { type: number, default: 1 } }
state: { schema: { count: { type: number, default: 0 } } }
agents:
  - { name: add, operation: transform, config: { value: "\${state.count + input.by}" }, state: { use: [count], set: { count: "\${add.output}" } } }
output: { count: "\${state.count}", who: "\${run.ensemble}", id: "\${run.id}", trigger: "\${trigger ?? null}" }
`,
  };

  test('is given its own input with its defaults, has a state of its own, and gives its output', async () => {
    const run = await runToEnd(
      `
ensemble: parent
state: { schema: { count: { type: number, default: 100 } } }
agents:
  - { name: three, ensemble: child, input: { by: 3 } }
  - { name: own, operation: transform, config: { value: "\${state.count} \${run.ensemble}" }, state: { use: [count] } }
output: ["\${three.output}", "\${own.output}"]
`,
      { ensembles, trigger: { secret: 1 } },
    );
    expect(run.finished.output).toEqual([{ count: 3, who: 'child', id: 'run-1', trigger: null }, '100 parent']);
    expect(outline(run)).toEqual([
      'run.started',
      'state.loaded',
      'agent.started three',
      'state.loaded three',
      'agent.started three/add',
      'state.set three/add',
      'agent.finished three/add',
      'agent.finished three',
      'agent.started own',
      'agent.finished own',
      'run.finished',
    ]);
    expect(eventsOf(run, 'agent.started')[0]).toMatchObject({ agent: 'three', operation: 'ensemble' });
  });

  test('refuses an input that it does not declare', async () => {
    const { finished } = await runToEnd('ensemble: p\nagents: [{ name: go, ensemble: child, input: { by: "${input.by}" } }]', {
      ensembles,
      input: { by: 'many' },
    });
    expect(finished).toMatchObject({ status: 'failed', agent: 'go', failure: { code: 'INPUT_INVALID' } });
  });

  test('gives the body of its first response block that matches', async () => {
    const { finished } = await runToEnd('ensemble: p\nagents: [{ name: go, ensemble: answer }]\noutput: "${go.output}"', {
      ensembles: {
        answer: `
ensemble: answer
agents: [{ name: a, operation: transform, config: { value: 1 } }]
output:
  - { when: "\${a.output > 1}", status: 500, body: no }
  - { status: 200, body: { is: "\${a.output}" } }
`,
      },
    });
    expect(finished.output).toEqual({ is: 1 });
  });

  test('is cancelled with the run', async () => {
    const run = startRun('ensemble: p\nagents: [{ name: go, ensemble: slow, onError: continue }]', {
      ensembles: { slow: 'ensemble: slow\nagents: [{ name: wait, operation: http, config: { url: "http://x/" }, onError: continue }]' },
      http: never,
    });
    await run.clock.advance(0);
    run.cancel();
    expect(await run.done).toMatchObject({ status: 'cancelled' });
    expect(outline(run).slice(-3)).toEqual(['agent.failed go/wait', 'agent.failed go', 'run.finished']);
  });

  test('starts anew with each try of the agent that runs it', async () => {
    let calls = 0;
    const http = async ({ url }: { readonly url?: unknown }): Promise<OperationResult> => {
      if (url === 'http://call/') return { output: ++calls };
      if (calls < 3) throw failure('NETWORK', 'no answer', { retryable: true });
      return { output: 'ok' };
    };
    const run = startRun('ensemble: p\nagents: [{ name: go, ensemble: picky, retry: { maxAttempts: 3, initialDelay: 0 } }]', {
      ensembles: {
        picky: `
ensemble: picky
state: { schema: { seen: { type: array, default: [], reducer: append } } }
agents:
  - { name: call, operation: http, config: { url: "http://call/" }, state: { use: [seen], set: { seen: "\${call.output}" } } }
  - { name: check, operation: http, config: { url: "http://check/" } }
output: "\${state.seen}"
`,
      },
      http,
    });
    await run.clock.advance(0);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: [3] });
    expect(eventsOf(run, 'agent.started').map(({ agent }) => agent)).toEqual([
      'go',
      'go/call',
      'go/check',
      'go/call',
      'go/check',
      'go/call',
      'go/check',
    ]);
  });

  test('begins with its own state each time, also when it runs itself, but one that lasts goes on', async () => {
    const text = (backend: string) => `
ensemble: again
state: { backend: ${backend}, schema: { count: { type: integer, default: 0 } }, persist: each }
agents:
  - { name: add, operation: transform, config: { value: "\${state.count + 1}" }, state: { use: [count], set: { count: "\${add.output}" } } }
  - { name: inner, ensemble: again, condition: "\${input.n > 0}", input: { n: "\${input.n - 1}" } }
  - { name: twice, agent: counter }
  - { name: thrice, agent: counter }
output: ["\${inner.output ?? null}", "\${add.output}", "\${thrice.output}"]
`;
    const counter = `
agent: counter
state: { schema: { calls: { type: integer, default: 0 } } }
operations:
  - { name: call, operation: transform, config: { value: "\${state.calls + 1}" }, state: { use: [calls], set: { calls: "\${call.output}" } } }
`;
    const run = (backend: string) =>
      runToEnd(text(backend), { agentFiles: { counter }, ensembles: { again: text(backend) }, input: { n: 2 }, kv: new MemoryKv() });
    expect((await run('memory')).finished.output).toEqual([[[null, 1, 2], 1, 2], 1, 2]);
    expect((await run('kv')).finished.output).toEqual([[[null, 3, 2], 2, 2], 1, 2]);
  });

  test('may run itself until a condition ends it', async () => {
    const text = `
ensemble: fact
input: { n: integer }
agents:
  - { name: less, ensemble: fact, condition: "\${input.n > 1}", input: { n: "\${input.n - 1}" } }
output: "\${input.n * (less.output ?? 1)}"
`;
    const run = await runToEnd(text, { ensembles: { fact: text }, input: { n: 5 } });
    expect(run.finished).toMatchObject({ output: 120, steps: 4 });
    expect(eventsOf(run, 'agent.finished').map(({ agent }) => agent)).toEqual([
      'less/less/less/less',
      'less/less/less',
      'less/less',
      'less',
    ]);
  });

  test('runs others at most 16 levels deep', async () => {
    const text = `
ensemble: deep
agents:
  - { name: down, ensemble: deep, condition: "\${input.go}", input: { go: true } }
`;
    const { finished } = await runToEnd(text, { ensembles: { deep: text }, input: { go: true } });
    expect(finished).toMatchObject({ status: 'failed', failure: { code: 'RECURSION' }, steps: 17 });
    expect(finished.agent?.split('/')).toHaveLength(17);
  });
});

describe('the limits of an ensemble that another one runs', () => {
  const ensembles = {
    two: `
ensemble: two
limits: { max_steps: 1 }
agents:
  - { name: a, operation: transform, config: { value: 1 }, onError: continue }
  - { name: b, operation: transform, config: { value: 2 }, onError: continue }
`,
    free: `
ensemble: free
agents:
  - { name: a, operation: transform, config: { value: 1 } }
  - { name: b, operation: transform, config: { value: 2 } }
`,
    slow: `
ensemble: slow
limits: { max_duration: "\${input.seconds}s" }
agents:
  - { name: wait, operation: http, config: { url: "http://x/" }, onError: continue }
  - { name: after, operation: transform, config: { value: 1 } }
`,
    thinker: `
ensemble: thinker
limits: { max_tokens: 150 }
agents:
  - { name: one, operation: think, config: { provider: openai, model: m, prompt: p }, onError: continue }
  - { name: two, operation: think, config: { provider: openai, model: m, prompt: p }, onError: continue }
  - { name: three, operation: think, config: { provider: openai, model: m, prompt: p }, onError: continue }
`,
  };

  test('end it whatever handles failures in it; for whoever runs it that is a failure to handle', async () => {
    const run = await runToEnd('ensemble: p\nagents: [{ name: go, ensemble: two }]\noutput: "${go.failure.code}: ${go.error}"', {
      ensembles,
    });
    expect(run.finished).toMatchObject({
      status: 'succeeded',
      output: 'LIMIT_STEPS: The ensemble "two" needs more than the 1 steps that `limits.max_steps` allows.',
      steps: 2,
    });
    expect(outline(run)).not.toContain('agent.started go/b');
    expect((await runToEnd('ensemble: p\nagents: [{ name: go, ensemble: two }]', { ensembles })).finished).toMatchObject({
      status: 'failed',
      agent: 'go',
      failure: { code: 'LIMIT_STEPS' },
    });
  });

  test('are no retry’s business', async () => {
    const run = await runToEnd('ensemble: p\nagents: [{ name: go, ensemble: two, retry: { maxAttempts: 3 } }]', { ensembles });
    expect(eventsOf(run, 'attempt.failed')).toHaveLength(1);
  });

  test('of the run hold for what is in it, whoever handles failures', async () => {
    const source = (steps: number): string =>
      `ensemble: p\nlimits: { max_steps: ${steps} }\nagents: [{ name: go, ensemble: free, onError: continue }]`;
    expect((await runToEnd(source(3), { ensembles })).finished).toMatchObject({ status: 'succeeded', steps: 3 });
    const run = await runToEnd(source(2), { ensembles });
    expect(run.finished).toMatchObject({
      status: 'failed',
      failure: { code: 'LIMIT_STEPS', message: 'The run needs more than the 2 steps that `limits.max_steps` allows.' },
      steps: 2,
    });
  });

  test('of the run come before its own where one step goes beyond both', async () => {
    const { finished } = await runToEnd('ensemble: p\nlimits: { max_steps: 2 }\nagents: [{ name: go, ensemble: two, onError: continue }]', {
      ensembles,
    });
    expect(finished).toMatchObject({ status: 'failed', failure: { message: expect.stringContaining('The run needs') } });
  });

  test('of duration may be expressions, cancel what is at work in it, and leave no timer', async () => {
    const run = startRun('ensemble: p\nagents: [{ name: go, ensemble: slow, input: { seconds: 2 } }]\noutput: "${go.failure.code}"', {
      ensembles,
      http: never,
    });
    await run.clock.advance(1_999);
    expect(eventsOf(run, 'run.finished')).toEqual([]);
    await run.clock.advance(1);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: 'LIMIT_DURATION', duration_ms: 2_000 });
    expect(outline(run).slice(2)).toEqual([
      'agent.started go/wait',
      'run.stopping go',
      'agent.failed go/wait',
      'attempt.failed go',
      'agent.failed go',
      'run.finished',
    ]);
    expect(run.clock.sleeping).toBe(0);
  });

  test('begin anew each time it runs, while the run counts all', async () => {
    const think = async (): Promise<OperationResult> => ({ output: 'text', usage: { input_tokens: 60, output_tokens: 10 }, model: 'm' });
    const agents = 'agents: [{ name: a, ensemble: thinker, onError: continue }, { name: b, ensemble: thinker, onError: continue }]';
    const run = await runToEnd(`ensemble: p\n${agents}\noutput: ["\${a.failure.code}", "\${b.failure.code}"]`, { ensembles, think });
    expect(run.finished).toMatchObject({
      output: ['LIMIT_TOKENS', 'LIMIT_TOKENS'],
      usage: { input_tokens: 360, output_tokens: 60 },
    });
    const stopped = await runToEnd(`ensemble: p\nlimits: { max_tokens: 300 }\n${agents}`, { ensembles, think });
    expect(stopped.finished).toMatchObject({
      status: 'failed',
      failure: { code: 'LIMIT_TOKENS', message: 'The run has used 350 tokens; `limits.max_tokens` allows 300.' },
    });
  });

  test('stop everything that is at work in it, and what it has done is undone', async () => {
    const run = startRun(
      `
ensemble: p
agents:
  - type: try
    steps: [{ name: go, ensemble: busy }]
    catch: [{ name: caught, operation: transform, config: { value: "\${error.code} of \${error.agent}" } }]
output: "\${caught.output}"
`,
      {
        ensembles: {
          busy: `
ensemble: busy
limits: { max_steps: 3 }
agents:
  - { name: book, operation: transform, config: { value: seat }, compensate: { operation: transform, config: { value: "free \${book.output}" } } }
  - type: try
    steps:
      - parallel:
          - { name: slow, operation: http, config: { url: "http://x/" }, onError: continue }
          - { name: a, operation: transform, config: { value: 1 } }
          - { name: b, operation: transform, config: { value: 2 } }
    catch: [{ name: never, operation: transform, config: { value: 0 } }]
    finally: [{ name: clean, operation: transform, config: { value: done } }]
`,
        },
        http: never,
      },
    );
    await run.clock.advance(0);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: 'LIMIT_STEPS of go' });
    expect(outline(run).filter((line) => /^(agent|run)\./.test(line))).toEqual([
      'run.started',
      'agent.started go',
      'agent.started go/book',
      'agent.finished go/book',
      'agent.started go/slow',
      'agent.started go/a',
      'run.stopping go',
      'agent.finished go/a',
      'agent.failed go/slow',
      'agent.started go/clean',
      'agent.finished go/clean',
      'run.compensating go',
      'agent.started go/book:compensate',
      'agent.finished go/book:compensate',
      'agent.failed go',
      'agent.started caught',
      'agent.finished caught',
      'run.finished',
    ]);
  });
});

describe('ensembles that run beside each other', () => {
  const ensembles = {
    child: `
ensemble: child
input: { n: integer }
limits: { max_steps: 2 }
agents:
  - { name: call, operation: http, config: { url: "http://x/\${input.n}" } }
  - { name: double, operation: transform, config: { value: "\${input.n * 2}" } }
`,
  };

  test('each have their own results and limits, and give their outputs in order', async () => {
    const waiting: (() => void)[] = [];
    const run = startRun(
      `
ensemble: p
agents:
  - { name: all, ensemble: child, loop: { items: [1, 2, 3], concurrency: 3 }, input: { n: "\${item}" } }
output: "\${all.output}"
`,
      { ensembles, http: () => new Promise((resolve) => waiting.push(() => resolve({ output: null }))) },
    );
    await run.clock.advance(0);
    for (const settle of waiting.toReversed()) {
      settle();
      await run.clock.advance(0);
    }
    expect(await run.done).toMatchObject({ status: 'succeeded', output: [2, 4, 6], steps: 9 });
    expect(eventsOf(run, 'agent.finished').map(({ agent }) => agent)).toEqual([
      'all[2]/call',
      'all[2]/double',
      'all[2]',
      'all[1]/call',
      'all[1]/double',
      'all[1]',
      'all[0]/call',
      'all[0]/double',
      'all[0]',
    ]);
  });

  test('are cancelled with what is in them when another one is the first', async () => {
    const signals: AbortSignal[] = [];
    const run = startRun(
      `
ensemble: p
agents:
  - type: parallel
    waitFor: first
    steps:
      - { name: slow, ensemble: child, input: { n: 1 } }
      - { name: quick, operation: transform, config: { value: 1 } }
`,
      {
        ensembles,
        http: (_, { signal }) => {
          signals.push(signal);
          return never();
        },
      },
    );
    await run.clock.advance(0);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: 1 });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(eventsOf(run, 'agent.failed').map(({ agent, handled, failure: { code } }) => [agent, handled, code])).toEqual([
      ['slow/call', true, 'CANCELLED'],
      ['slow', true, 'CANCELLED'],
    ]);
  });
});
