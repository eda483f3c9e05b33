import { describe, expect, test } from 'vitest';
import type { CodeOutcome, CodeRunner, CodeScope } from '../../../src/runtime/ports.ts';
import { eventsOf, outline, runToEnd, startRun } from './support/test-run.ts';

interface Call {
  readonly module: string;
  readonly scope: CodeScope;
  readonly timeoutMs: number | undefined;
  readonly dueInMs: number | undefined;
}

/** Keeps what bodies are given, and answers each call with the next outcome (the last one again after that). */
function recorder(...outcomes: readonly CodeOutcome[]): CodeRunner & { readonly calls: Call[] } {
  const calls: Call[] = [];
  return {
    calls,
    call: async (module, scope, _signal, { timeoutMs, dueInMs } = {}) => {
      calls.push({ module, scope, timeoutMs, dueInMs });
      return outcomes[Math.min(calls.length, outcomes.length) - 1] ?? { ok: true, value: undefined, setState: undefined, logs: [] };
    },
  };
}
const ok = (value: number, more: Partial<CodeOutcome & { ok: true }> = {}): CodeOutcome => ({
  ok: true,
  value,
  setState: undefined,
  logs: [],
  ...more,
});
const thrown: CodeOutcome = {
  ok: false,
  code: 'CODE_ERROR',
  message: 'boom',
  details: { line: 9, column: 3 },
  logs: [{ level: 'info', message: 'just before' }],
};

test('what led to a code body is on record once its runner has settled', async () => {
  const onRecord: string[] = [];
  const code: CodeRunner = {
    call: async (_module, _scope, _signal, { settle } = {}) => {
      await settle?.();
      onRecord.push(...outline(run));
      return ok(1);
    },
  };
  const run = startRun('ensemble: e\nagents: [{ name: a, operation: code, config: { code: "return 1" } }]\n', { code });
  await run.done;
  expect(onRecord).toEqual(['run.started', 'agent.started a']);
});

describe('the variables of a code agent', () => {
  const givenTo = async (body: string): Promise<unknown> => {
    const code = recorder(ok(1));
    const env = { MODE: 'fast', API_KEY: 'sk-very-secret' };
    await runToEnd(`ensemble: e\nagents:\n  - { name: a, operation: code, config: { code: "${body}" } }\n`, {
      code,
      env,
      secrets: ['API_KEY'],
    });
    return code.calls[0]?.scope.env;
  };

  test('are those that its body names', async () => {
    expect(await givenTo('return env.MODE + env.ABSENT')).toEqual({ MODE: 'fast' });
    expect(await givenTo('return 1')).toEqual({});
  });

  test('are all of them when the body does not say which', async () => {
    expect(await givenTo('return env[input.name]')).toEqual({ MODE: 'fast', API_KEY: 'sk-very-secret' });
  });
});

describe('how long a code agent may take', () => {
  test('is its own timeout, or what is left to what it is part of where that is less', async () => {
    const code = recorder(ok(1));
    const agent = (name: string, timeout = '') => `{ name: ${name}, operation: code, ${timeout} config: { code: "return 1" } }`;
    const text = `ensemble: e
limits: { max_duration: 3s }
agents:
  - ${agent('none')}
  - ${agent('shorter', 'timeout: 1s,')}
  - ${agent('longer', 'timeout: 10s,')}
  - name: beside
    type: parallel
    steps:
      - ${agent('left')}
      - ${agent('right', 'timeout: { total: 2s },')}
`;
    await runToEnd(text, { code });
    expect(code.calls.map(({ timeoutMs, dueInMs }) => [timeoutMs, dueInMs])).toEqual([
      [undefined, 3_000],
      [1_000, undefined],
      [10_000, 3_000],
      [undefined, 3_000],
      [2_000, undefined],
    ]);
  });
});

describe('a code agent that is cut short', () => {
  const logs = [{ level: 'info', message: 'so far' }] as const;
  const file =
    'ensemble: e\nagents:\n  - { name: a, operation: code, timeout: 5s, config: { code: "await 1" }, onError: continue }\noutput: ${a.failure.code}\n';

  test('keeps its logs', async () => {
    const code: CodeRunner = {
      call: (_module, _scope, signal) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => resolve({ ok: false, code: 'CANCELLED', message: 'aborted', logs })),
        ),
    };
    const run = startRun(file, { code });
    await run.clock.advance(5_000);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: 'TIMEOUT' });
    expect(eventsOf(run, 'log')).toMatchObject([{ agent: 'a', message: 'so far' }]);
  });

  test('keeps its logs when the run is cancelled', async () => {
    const code: CodeRunner = {
      call: (_module, _scope, signal) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => resolve({ ok: false, code: 'CANCELLED', message: 'aborted', logs })),
        ),
    };
    const run = startRun(file, { code });
    await run.clock.advance(1);
    run.cancel('enough');
    expect(await run.done).toMatchObject({ status: 'cancelled' });
    expect(eventsOf(run, 'log')).toMatchObject([{ agent: 'a', message: 'so far' }]);
  });

  test('journals what it logs while it runs, and leaves all of it', async () => {
    let end: (outcome: CodeOutcome) => void = () => undefined;
    const code: CodeRunner = {
      call: (_module, _scope, _signal, { onLogs } = {}) => {
        onLogs?.(logs);
        return new Promise((resolve) => {
          end = resolve;
        });
      },
    };
    const run = startRun(file.replace('a.failure.code', 'a.logs'), { code });
    await run.clock.advance(1_000);
    end(ok(1, { logs: [{ level: 'info', message: 'at last' }] }));
    expect(await run.done).toMatchObject({ output: [{ message: 'so far' }, { message: 'at last' }] });
    expect(outline(run)).toEqual(['run.started', 'agent.started a', 'log a', 'log a', 'agent.finished a', 'run.finished']);
  });

  test('journals nothing any more once it is given up', async () => {
    let late: (lines: typeof logs) => void = () => undefined;
    const code: CodeRunner = {
      call: (_module, _scope, _signal, { onLogs } = {}) => {
        late = (lines) => onLogs?.(lines);
        return new Promise(() => {});
      },
    };
    const run = startRun(file, { code });
    await run.clock.advance(5_250);
    await run.done;
    late(logs);
    expect(outline(run).at(-1)).toBe('run.finished');
  });

  test('is given up a quarter of a second later when its isolate does not answer', async () => {
    const run = startRun(file, { code: { call: () => new Promise(() => {}) } });
    await run.clock.advance(5_249);
    expect(eventsOf(run, 'run.finished')).toEqual([]);
    await run.clock.advance(1);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: 'TIMEOUT' });
  });

  test('has timed out even if its result comes a little later', async () => {
    const code: CodeRunner = {
      call: (_module, _scope, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(ok(1)))),
    };
    const run = startRun(file, { code });
    await run.clock.advance(5_000);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: 'TIMEOUT' });
  });
});

describe('what a code agent is given', () => {
  test('is what its file names, and nothing else of the run', async () => {
    const code = recorder();
    await runToEnd(
      `
ensemble: e
state: { schema: { mine: { type: number, default: 1 }, other: { type: number, default: 2 } } }
agents:
  - { name: fetch-user, operation: transform, config: { value: { id: 7 } } }
  - { name: hidden, operation: transform, config: { value: private } }
  - name: work
    operation: code
    input: { own: "\${fetch-user.output.id}", gone: "\${env.GONE}" }
    timeout: 3s
    state: { use: [mine] }
    config:
      code: |
        return [\${fetch-user.output.id}, '\${input.own} and \${input.gone}', \`\${fetch-user.output.id}\`];
`,
      { code, env: { KEY: 'value' }, input: { top: true } },
    );
    expect(code.calls).toHaveLength(1);
    expect(code.calls[0]).toMatchObject({ module: 'test.yaml#work', timeoutMs: 3_000 });
    const scope = code.calls[0]?.scope;
    expect(JSON.parse(JSON.stringify({ ...scope, holes: [], agents: [] }))).toEqual({
      input: { own: 7 },
      state: { mine: 1 },
      env: {},
      config: {},
      holes: [],
      agents: [],
    });
    expect(scope?.holes).toEqual([7, 7, undefined]);
    expect(Object.keys(scope?.agents ?? {})).toEqual(['fetch-user']);
    expect(scope?.agents['fetch-user']).toMatchObject({ output: { id: 7 }, success: true });
  });

  test('includes the environment only where the body reads it', async () => {
    const file = (body: string): string => `ensemble: e\nagents:\n  - { name: a, operation: code, config: { code: "return ${body}" } }\n`;
    const code = recorder();
    await runToEnd(file('env.KEY'), { code, env: { KEY: 'value' } });
    await runToEnd(file('1'), { code, env: { KEY: 'value' } });
    expect(code.calls.map(({ scope }) => scope.env)).toEqual([{ KEY: 'value' }, {}]);
  });
});

describe('what a code agent leaves', () => {
  const file = `
ensemble: e
agents:
  - name: a
    operation: code
    config: { code: "return 1" }
    retry: { maxAttempts: 2, initialDelay: 0 }
    onError: continue
output: { output: "\${a.output}", logs: "\${a.logs}", error: "\${a.error}" }
`;

  test('is its value, and its logs as events before its end', async () => {
    const run = await runToEnd(file, { code: recorder(ok(1, { logs: [{ level: 'warn', message: 'look' }] })) });
    expect(run.finished.output).toEqual({ output: 1, logs: [{ level: 'warn', message: 'look' }] });
    expect(eventsOf(run, 'log')).toMatchObject([{ agent: 'a', level: 'warn', message: 'look' }]);
    expect(eventsOf(run, 'agent.finished')).toMatchObject([{ log_count: 1 }]);
    expect(outline(run)).toEqual(['run.started', 'agent.started a', 'log a', 'agent.finished a', 'run.finished']);
  });

  test('is the message of what it threw, with its place, and what each try logged', async () => {
    const run = startRun(file, { code: recorder(thrown) });
    await run.clock.advance(0);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: { error: 'boom', logs: [{ message: 'just before' }] } });
    expect(eventsOf(run, 'agent.failed')[0]).toMatchObject({
      attempts: 2,
      failure: { code: 'CODE_ERROR', details: { line: 9, column: 3 } },
    });
    expect(outline(run)).toEqual([
      'run.started',
      'agent.started a',
      'log a',
      'attempt.failed a',
      'attempt.started a',
      'log a',
      'attempt.failed a',
      'agent.failed a',
      'run.finished',
    ]);
  });

  test('is tried again only after it threw, not for what it returned', async () => {
    const refused: CodeOutcome = { ok: false, code: 'CODE_OUTPUT', message: 'a function', logs: [] };
    const code = recorder(refused, ok(2));
    const run = startRun(file, { code });
    await run.clock.advance(0);
    expect(await run.done).toMatchObject({ output: { error: 'a function' } });
    expect(code.calls).toHaveLength(1);
  });
});

describe('the journal of code agents', () => {
  const agents = (config: string): string => `ensemble: e\nagents:\n  - { name: a, operation: code, config: ${config} }\n`;

  test.each([
    ['is written before a body that may reach the network begins', '{ code: "return 1", network: true }', 2],
    ['may be written later where a body reaches nothing', '{ code: "return 1" }', 0],
  ])('%s', async (_, config, expected) => {
    let written = -1;
    const run = startRun(agents(config), {
      code: {
        call: async () => {
          written = run.events.length;
          return ok(1);
        },
      },
    });
    await run.done;
    expect(written).toBe(expected);
  });
});
