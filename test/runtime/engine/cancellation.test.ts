import { describe, expect, test } from 'vitest';
import { failure } from '../../../src/runtime/failure.ts';
import type { CodeOutcome } from '../../../src/runtime/ports.ts';
import { settle } from './support/fake-clock.ts';
import { MemoryKv } from './support/memory-kv.ts';
import { eventsOf, outline, runToEnd, startRun, type TestRunOptions } from './support/test-run.ts';

/** Calls that never end by themselves. */
function hanging(): { readonly signals: Map<string, AbortSignal>; readonly http: NonNullable<TestRunOptions['http']> } {
  const signals = new Map<string, AbortSignal>();
  return {
    signals,
    http: ({ url }, { signal }) => {
      signals.set(String(url).slice('http://x/'.length), signal);
      return new Promise(() => undefined);
    },
  };
}
const inner =
  'agent: inner\noperations:\n  - { name: get, operation: http, config: { url: "http://x/inner" }, onError: continue }\n  - { name: after, operation: log, config: { message: never } }\n';
const deep = `ensemble: deep
agents:
  - { name: inner, onError: continue }
  - { name: after, operation: log, config: { message: never } }
`;

describe('a run that is cancelled', () => {
  test('reaches every agent at work, in loops, branches, agent files and ensembles', async () => {
    const { signals, http } = hanging();
    const run = startRun(
      `
ensemble: e
agents:
  - type: parallel
    steps:
      - { name: plain, operation: http, config: { url: "http://x/plain" }, onError: continue }
      - { name: inner, onError: [{ name: told, operation: log, config: { message: never } }] }
      - { name: deep, ensemble: deep, onError: continue }
      - type: try
        steps:
          - { name: each, operation: http, loop: { items: [1, 2], concurrency: 2 }, config: { url: "http://x/each-\${item}" } }
        catch:
          - { name: caught, operation: log, config: { message: never } }
      - { name: timed, operation: http, config: { url: "http://x/timed" }, timeout: { attempt: 1m, total: 2m } }
  - { name: after, operation: log, config: { message: never } }
`,
      { http, agentFiles: { inner }, ensembles: { deep } },
    );
    await settle();
    expect([...signals.values()].filter(({ aborted }) => aborted)).toEqual([]);
    run.cancel('enough');
    expect(await run.done).toMatchObject({ status: 'cancelled', failure: { message: 'The run was cancelled: enough' } });
    expect([...signals].map(([name, { aborted }]) => `${name} ${aborted}`).toSorted()).toEqual(
      ['each-1 true', 'each-2 true', 'inner true', 'plain true', 'timed true'].toSorted(),
    );
    expect(eventsOf(run, 'log')).toEqual([]);
    expect(run.clock.sleeping).toBe(0);
    const open = new Set(eventsOf(run, 'agent.started').map(({ agent }) => agent));
    for (const { agent } of eventsOf(run, 'agent.failed')) open.delete(agent);
    expect([...open]).toEqual([]);
    expect(new Set(eventsOf(run, 'agent.failed').map(({ failure, handled }) => `${failure.code} ${handled}`))).toEqual(
      new Set(['CANCELLED false']),
    );
  });

  test('tells nothing of what goes on in spite of it', async () => {
    let speak: (() => void) | undefined;
    const run = startRun('ensemble: e\nagents:\n  - { name: a, operation: http, config: { url: "http://x/" } }\n', {
      http: (_, { log, warn }) => {
        speak = () => {
          log('info', 'still here');
          warn('late', 'still here');
        };
        return new Promise(() => undefined);
      },
    });
    await settle();
    run.cancel();
    await run.done;
    speak?.();
    await settle();
    expect(run.events.at(-1)?.type).toBe('run.finished');
    expect(JSON.stringify(run.events)).not.toContain('still here');
  });

  test('does not wait for an isolate that does not answer', async () => {
    let signal: AbortSignal | undefined;
    const run = startRun('ensemble: e\nagents:\n  - { name: c, operation: code, config: { code: "return 1" } }\n', {
      code: {
        call: (_module, _scope, given) => {
          signal = given;
          return new Promise<CodeOutcome>(() => undefined);
        },
      },
    });
    await settle();
    run.cancel();
    await settle();
    expect(signal?.aborted).toBe(true);
    await run.clock.advance(250);
    expect(await run.done).toMatchObject({ status: 'cancelled' });
  });
});

describe('a branch that nobody waits for any longer', () => {
  const race = (loser: string): string => `
ensemble: e
state: { schema: { seen: string } }
agents:
  - type: parallel
    name: race
    waitFor: first
    steps:
      - { name: winner, operation: http, config: { url: "http://x/winner" } }
${loser}
  - { name: after, operation: transform, config: { value: "\${loser.failure.code} \${loser.failed}" } }
output: { after: "\${after.output}", race: "\${race.output}" }
`;

  test('fails its agent with CANCELLED, which ends nothing else and is read like any failure', async () => {
    let loser: AbortSignal | undefined;
    const run = await runToEnd(race('      - { name: loser, operation: http, config: { url: "http://x/loser" } }'), {
      http: ({ url }, { signal }) => {
        if (url === 'http://x/winner') return settle().then(() => ({ output: 'won' }));
        loser = signal;
        return new Promise(() => undefined);
      },
    });
    expect(loser?.aborted).toBe(true);
    expect(run.finished).toMatchObject({ status: 'succeeded', output: { after: 'CANCELLED true', race: 'won' } });
    expect(eventsOf(run, 'agent.failed')).toMatchObject([{ agent: 'loser', failure: { code: 'CANCELLED' }, handled: true, attempts: 1 }]);
    expect(eventsOf(run, 'attempt.failed')).toEqual([]);
  });

  test('ends the pause before another try', async () => {
    const { promise, resolve } = Promise.withResolvers<{ output: string }>();
    const run = startRun(
      race(
        '      - { name: loser, operation: http, config: { url: "http://x/loser" }, retry: { maxAttempts: 3, initialDelay: 1m }, timeout: { total: 1h } }',
      ),
      {
        http: ({ url }) => {
          if (url === 'http://x/winner') return promise;
          throw failure('NETWORK', 'down', { retryable: true });
        },
      },
    );
    await settle();
    expect(run.clock.sleeping).toBe(2);
    resolve({ output: 'won' });
    expect(await run.done).toMatchObject({ status: 'succeeded', output: { after: 'CANCELLED true' } });
    expect(run.clock.sleeping).toBe(0);
  });

  test('ends the wait for a cache, and what a loser did is undone with the rest', async () => {
    const kv = new MemoryKv();
    kv.gate = new Promise(() => undefined);
    const undone: unknown[] = [];
    const { promise, resolve } = Promise.withResolvers<{ output: string }>();
    const run = startRun(
      race(`
      - type: branch
        condition: "\${true}"
        then:
          - { name: did, operation: http, config: { url: "http://x/did" }, compensate: { operation: http, config: { url: "http://x/undo" } } }
          - { name: loser, operation: http, config: { url: "http://x/loser" }, cache: {} }
  - { name: fails, operation: assert, config: { that: "\${false}" } }`),
      {
        kv,
        http: ({ url }) => {
          if (url === 'http://x/undo') undone.push(url);
          return url === 'http://x/winner' ? promise : { output: 'x' };
        },
      },
    );
    for (let turn = 0; turn < 1_000 && kv.asked.length === 0; turn += 1) await settle();
    resolve({ output: 'won' });
    expect(await run.done).toMatchObject({ status: 'failed', agent: 'fails' });
    expect(eventsOf(run, 'agent.failed')[0]).toMatchObject({ agent: 'loser', failure: { code: 'CANCELLED' }, handled: true });
    expect(undone).toHaveLength(1);
    expect(outline(run).at(-1)).toBe('run.finished');
  });

  test('undoes an ensemble in it before the step is over', async () => {
    const { promise, resolve } = Promise.withResolvers<{ output: string }>();
    const run = startRun(race('      - { name: loser, ensemble: child }'), {
      ensembles: {
        child: `
ensemble: child
agents:
  - { name: did, operation: http, config: { url: "http://x/did" }, compensate: { name: undo, operation: http, config: { url: "http://x/undo" } } }
  - { name: slow, operation: http, config: { url: "http://x/slow" } }
`,
      },
      http: ({ url }) => {
        if (url === 'http://x/winner') return promise;
        return url === 'http://x/slow' ? new Promise(() => undefined) : { output: 'x' };
      },
    });
    await settle();
    resolve({ output: 'won' });
    expect(await run.done).toMatchObject({ status: 'succeeded' });
    const lines = outline(run);
    expect(lines.indexOf('agent.finished loser/undo')).toBeGreaterThan(lines.indexOf('agent.failed loser/slow'));
    expect(lines.indexOf('agent.finished loser/undo')).toBeLessThan(lines.indexOf('agent.failed loser'));
    expect(lines.indexOf('agent.failed loser')).toBeLessThan(lines.indexOf('step.finished'));
  });
});
