import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/program/json.ts';
import type { RunEvent } from '../../../src/program/run-event.ts';
import { failure } from '../../../src/runtime/failure.ts';
import { settle } from './support/fake-clock.ts';
import { programOf } from './support/program-of.ts';
import { eventsOf, outline, runToEnd, startRun } from './support/test-run.ts';

const transform = (name: string, value: string, more = ''): string => `
  - name: ${name}
    operation: transform
    config: { value: ${value} }
${more}`;

describe('the order of a run', () => {
  test('is the order of the file, each agent reading the earlier ones', async () => {
    const { finished, ...run } = await runToEnd(
      `
ensemble: order
agents:${transform('a', '${input.n + 1}')}${transform('b', '${a.output * 2}')}${transform('c', '[${a.output}, ${b.output}]')}
output: { all: "\${c.output}", run: "\${run.ensemble}", started: "\${run.started_at}", attempt: "\${run.attempt}", id: "\${run.id}" }
`,
      { input: { n: 1 } },
    );
    expect(finished).toMatchObject({
      status: 'succeeded',
      steps: 3,
      output: { all: [2, 4], run: 'order', started: 1_000, attempt: 1, id: 'run-1' },
    });
    expect(outline(run)).toEqual([
      'run.started',
      'agent.started a',
      'agent.finished a',
      'agent.started b',
      'agent.finished b',
      'agent.started c',
      'agent.finished c',
      'run.finished',
    ]);
  });

  test('ends with the output of its last agent alone: the status and the headers that an http agent got are not its answer', async () => {
    const { finished } = await runToEnd('ensemble: e\nagents:\n  - { name: a, operation: http, config: { url: "http://x/" } }', {
      http: async () => ({ output: { ok: true }, response: { status: 200, ok: true, headers: { connection: 'close' }, url: 'http://x/' } }),
    });
    expect(finished).toMatchObject({ status: 'succeeded', output: { ok: true } });
    expect(finished).not.toHaveProperty('response');
  });

  test('is numbered from 0 without gaps, each event with its time and its run', async () => {
    const { events } = await runToEnd(`ensemble: e\nagents:${transform('a', '1')}${transform('b', '2')}`);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
    expect(new Set(events.map(({ run, at }) => `${run} ${at}`))).toEqual(new Set(['run-1 1000']));
  });

  test('repeats exactly for the same program and the same outcomes', async () => {
    const program = programOf(`
ensemble: e
state: { schema: { n: number } }
agents:
  - name: call
    operation: http
    config: { url: "http://x/" }
    state: { set: { n: "\${call.output.n}" } }
    retry: { maxAttempts: 3, initialDelay: 0 }
  - name: read
    operation: transform
    config: { value: "\${state.n} \${crypto.randomUUID()} \${Math.random()} \${Date.now()}" }
    state: { use: [n] }
`);
    const journalOf = async (): Promise<readonly RunEvent[]> => {
      let tries = 0;
      const run = startRun(program, {
        http: async () => {
          tries += 1;
          if (tries < 2) throw failure('NETWORK', 'no answer', { retryable: true });
          return { output: { n: tries } };
        },
      });
      await run.clock.advance(0);
      await run.done;
      return run.events;
    };
    const first = await journalOf();
    expect(first.length).toBeGreaterThan(8);
    expect(await journalOf()).toEqual(first);
  });
});

describe('the output of a run', () => {
  test("is the last agent's where the file says nothing", async () => {
    expect((await runToEnd(`ensemble: e\nagents:${transform('a', '1')}${transform('b', '{ x: 2 }')}`)).finished.output).toEqual({ x: 2 });
  });

  test('is the first response block whose `when` holds', async () => {
    const file = `
ensemble: e
agents:${transform('a', '${input.n}')}
output:
  - when: "\${a.output > 1}"
    status: 201
    headers: { x-n: "\${a.output}" }
    body: { many: "\${a.output}" }
  - status: 200
    body: one
`;
    expect((await runToEnd(file, { input: { n: 2 } })).finished).toMatchObject({
      output: { many: 2 },
      response: { status: 201, headers: { 'x-n': 2 } },
    });
    expect((await runToEnd(file, { input: { n: 1 } })).finished).toMatchObject({ output: 'one', response: { status: 200 } });
  });

  test('that cannot be evaluated fails the run', async () => {
    const { finished } = await runToEnd(`ensemble: e\nagents:${transform('a', '${input.n}')}\noutput: { x: "\${a.output.b.c.trim()}" }`);
    expect(finished).toMatchObject({ status: 'failed', failure: { code: 'EXPRESSION' } });
    expect(finished.agent).toBeUndefined();
  });
});

describe('the input of a run', () => {
  const file = `ensemble: e\ninput: { id: { type: string, required: true }, lang: { type: string, default: en } }\nagents:${transform('a', '${input}')}`;

  test('has its defaults filled in', async () => {
    const run = await runToEnd(file, { input: { id: 'x' } });
    expect(run.finished.output).toEqual({ id: 'x', lang: 'en' });
    expect(eventsOf(run, 'run.started')[0]?.input).toEqual({ id: 'x', lang: 'en' });
  });

  test('that is wrong ends the run before anything is done', async () => {
    const run = await runToEnd(file, { input: { id: 5 } });
    expect(outline(run)).toEqual(['run.started', 'run.finished']);
    expect(run.finished).toMatchObject({ status: 'failed', failure: { code: 'INPUT_INVALID' } });
    expect(run.finished.failure?.message).toBe('The input is not what `input` declares: id: expected string, found the number 5.');
    const { finished } = await runToEnd(file, { input: { idd: 'x' } });
    expect(finished.failure?.message).toMatch(/id: is missing \(expected string\); did you write it as "idd"\?$/);
  });

  test('that is nested too deeply is part of no event', async () => {
    let deep: JsonValue = 1;
    for (let depth = 0; depth < 20_000; depth += 1) deep = [deep];
    const run = await runToEnd(file, { input: { id: 'x', deep }, env: { KEY: 'a-secret' }, secrets: ['KEY'] });
    expect(eventsOf(run, 'run.started')[0]?.input).toBeNull();
    expect(run.finished.failure).toMatchObject({ code: 'INPUT_INVALID', message: 'The input is nested deeper than 1000 levels.' });
  });
});

describe('a condition', () => {
  test('that is falsy skips the agent, and the journal says what it saw', async () => {
    const run = await runToEnd(`
ensemble: e
agents:
  - name: a
    condition: \${input.go}
    operation: transform
    config: { value: 1 }
  - name: b
    operation: transform
    config: { value: ["\${a.skipped}", "\${a.executed}", "\${a.success}", "\${a.failed}", "\${a.output === undefined}"] }
`);
    expect(eventsOf(run, 'agent.skipped')).toMatchObject([{ agent: 'a', condition: '${input.go}', saw: null }]);
    expect(run.finished).toMatchObject({ output: [true, false, false, false, true], steps: 1 });
  });

  test('reads the input of the run, not of the agent', async () => {
    const run = await runToEnd(
      `
ensemble: e
agents:
  - name: a
    condition: \${input.x === 'run'}
    input: { x: agent, before: "\${input.x}" }
    operation: transform
    config: { value: "\${input}" }
    state: { set: { seen: "\${input.x}" } }
output: [ "\${a.output}", "\${state.seen}" ]
`,
      { input: { x: 'run' } },
    );
    expect(run.finished.output).toEqual([{ x: 'agent', before: 'run' }, 'run']);
  });

  test('that cannot be evaluated fails the agent', async () => {
    const run = await runToEnd(`ensemble: e\nagents:${transform('a', '1', '    condition: ${input.x.y.trim()}\n')}`);
    expect(outline(run)).toEqual(['run.started', 'agent.started a', 'agent.failed a', 'run.finished']);
    expect(run.finished).toMatchObject({ status: 'failed', agent: 'a', failure: { code: 'EXPRESSION' } });
  });
});

describe('a failure', () => {
  const file = (more: string, later = ''): string => `
ensemble: e
agents:
  - name: a
    operation: http
    config: { url: "http://x/" }
${more}
  - name: b
    operation: transform
    config: { value: "after${later}" }
`;
  const http = async (): Promise<never> => {
    throw failure('HTTP_STATUS', 'GET http://x/ answered 404', { status: 404 });
  };

  test('that nothing handles ends the run at once', async () => {
    const run = await runToEnd(file(''), { http });
    expect(outline(run)).toEqual(['run.started', 'agent.started a', 'attempt.failed a', 'agent.failed a', 'run.finished']);
    expect(run.finished).toMatchObject({ status: 'failed', agent: 'a', failure: { code: 'HTTP_STATUS', status: 404 } });
    expect(eventsOf(run, 'agent.failed')[0]).toMatchObject({ handled: false, attempts: 1 });
  });

  test('lets the run go on with `onError: continue`', async () => {
    const run = await runToEnd(file('    onError: continue'), { http });
    expect(run.finished).toMatchObject({ status: 'succeeded', output: 'after', steps: 2 });
    expect(eventsOf(run, 'agent.failed')[0]).toMatchObject({ handled: true });
  });

  test.each(['failed', 'error', 'failure.code', 'success'])('lets the run go on when an expression reads its .%s', async (field) => {
    const run = await runToEnd(file('', ` \${a.${field}}`), { http });
    const seen = { failed: 'true', error: 'GET http://x/ answered 404', 'failure.code': 'HTTP_STATUS', success: 'false' }[field];
    expect(run.finished).toMatchObject({ status: 'succeeded', output: `after ${seen}` });
  });

  test('leaves no output, its message, and its number of tries', async () => {
    const run = await runToEnd(
      `${file('    onError: continue')}output: { o: "\${a.output === undefined}", f: "\${a.failure}", r: "\${a.retry_count}", e: "\${a.executed}" }`,
      { http },
    );
    expect(run.finished.output).toEqual({
      o: true,
      f: { code: 'HTTP_STATUS', message: 'GET http://x/ answered 404', attempt: 1 },
      r: 0,
      e: true,
    });
  });

  test('of ours, which nobody foresaw, ends the run as a defect with its stack', async () => {
    const run = await runToEnd(file('    onError: continue'), {
      http: async () => {
        throw new TypeError('undefined is not a function');
      },
    });
    expect(run.finished).toMatchObject({ status: 'failed', failure: { code: 'DEFECT' } });
    expect(run.finished.failure?.message).toContain('bug in Ensemble: undefined is not a function');
    expect(JSON.stringify(run.finished.failure?.details)).toContain('test-run.ts');
  });
});

describe('an output', () => {
  test('that does not satisfy its schema fails the agent, which is not tried again', async () => {
    const run = await runToEnd(`
ensemble: e
agents:
  - name: a
    operation: transform
    config: { value: { n: text } }
    schema: { output: { n: number } }
    retry: { maxAttempts: 3, initialDelay: 0 }
`);
    expect(run.finished).toMatchObject({ status: 'failed', failure: { code: 'OUTPUT_INVALID' } });
    expect(run.finished.failure?.message).toMatch(/`schema\.output`: n: expected number/);
    expect(eventsOf(run, 'attempt.failed')).toHaveLength(1);
  });

  test('larger than the engine keeps fails the agent', async () => {
    const big = 'x'.repeat(8 * 1024 * 1024 + 1);
    const run = await runToEnd(`ensemble: e\nagents:\n  - { name: a, operation: http, config: { url: "http://x/" } }\n`, {
      http: () => ({ output: big }),
    });
    expect(run.finished).toMatchObject({ failure: { code: 'OUTPUT_TOO_LARGE', message: 'The output is larger than 8 MiB as JSON.' } });
  });

  test('with a `then` in it is data like any other', async () => {
    const run = await runToEnd(
      `ensemble: e\nagents:${transform('a', '{ then: 1, value: { then: [2] } }')}${transform('b', '${a.output}')}`,
    );
    expect(run.finished.output).toEqual({ then: 1, value: { then: [2] } });
  });
});

describe('a missing value inside a text', () => {
  test('leaves nothing there and a warning that names the expression and the agent', async () => {
    const run = await runToEnd(
      `ensemble: e\nagents:${transform('a', '"hello ${input.nobody}!"')}\noutput: "[\${a.output}] \${input.gone}"`,
    );
    expect(run.finished.output).toBe('[hello !] ');
    expect(eventsOf(run, 'warning').map(({ agent, code, message }) => [agent, code, message])).toEqual([
      ['a', 'missing-value', '${input.nobody} has no value here; nothing stands in its place.'],
      [undefined, 'missing-value', '${input.gone} has no value here; nothing stands in its place.'],
    ]);
  });
});

describe('cancelling', () => {
  const waiting = `ensemble: e\nagents:\n  - { name: a, operation: http, config: { url: "http://x/" }, onError: continue }\n${transform('b', '1')}`;

  test('fires the signal of the agent at work, and ends the run as cancelled', async () => {
    let fired = false;
    const run = startRun(waiting, {
      http: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            fired = true;
            reject(new Error('aborted by the signal'));
          });
        }),
    });
    await settle();
    run.cancel('Ctrl-C');
    const finished = await run.done;
    expect(fired).toBe(true);
    expect(finished).toMatchObject({ status: 'cancelled', failure: { code: 'CANCELLED', message: 'The run was cancelled: Ctrl-C' } });
    expect(outline(run)).toEqual(['run.started', 'agent.started a', 'run.stopping', 'agent.failed a', 'run.finished']);
  });

  test('does not wait for an agent that ignores its signal', async () => {
    const run = startRun(waiting, { http: () => new Promise(() => {}) });
    await settle();
    run.cancel();
    expect(await run.done).toMatchObject({ status: 'cancelled' });
  });

  test('before the first agent runs none', async () => {
    const run = startRun(waiting, { http: () => ({ output: 1 }) });
    run.cancel();
    expect(await run.done).toMatchObject({ status: 'cancelled', steps: 0 });
  });
});

describe('the journal', () => {
  test('holds all that led to an effect before the effect begins', async () => {
    let seen: readonly string[] = [];
    const run = startRun(`ensemble: e\nagents:${transform('a', '1')}\n  - { name: b, operation: http, config: { url: "http://x/" } }\n`, {
      http: () => {
        seen = outline(run);
        return { output: 1 };
      },
    });
    await run.done;
    expect(seen).toEqual(['run.started', 'agent.started a', 'agent.finished a', 'agent.started b']);
  });

  test('is waited for before an effect begins', async () => {
    let release: (() => void) | undefined;
    let acted = false;
    const run = startRun(`ensemble: e\nagents:\n  - { name: b, operation: http, config: { url: "http://x/" } }\n`, {
      journal: {
        append: () =>
          new Promise((resolve) => {
            release = resolve;
          }),
      },
      http: () => {
        acted = true;
        return { output: 1 };
      },
    });
    await settle();
    expect(acted).toBe(false);
    release?.();
    await settle();
    expect(acted).toBe(true);
    release?.();
    await run.done;
  });

  test('is written in few groups where nothing has an effect', async () => {
    const agents = Array.from({ length: 100 }, (_, n) => transform(`a${n}`, '1')).join('');
    const { groups, events } = await runToEnd(`ensemble: e\nagents:${agents}`);
    expect(events).toHaveLength(202);
    expect(groups.length).toBeLessThan(6);
  });

  test('that cannot be written rejects the run instead of going on without it', async () => {
    const run = startRun(waitingForever(), {
      journal: {
        append: () => {
          throw new Error('disk full');
        },
      },
      http: () => ({ output: 1 }),
    });
    await expect(run.done).rejects.toThrow('disk full');
  });
});

const waitingForever = (): string => `ensemble: e\nagents:\n  - { name: b, operation: http, config: { url: "http://x/" } }\n`;
