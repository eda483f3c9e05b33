import { describe, expect, test } from 'vitest';
import type { Program } from '../../../src/program/program.ts';
import { failure } from '../../../src/runtime/failure.ts';
import { programOf } from './support/program-of.ts';
import { eventsOf, outline, runToEnd, startRun, type TestRunOptions } from './support/test-run.ts';

/** Stands in for http: a url that ends in `fail` fails. */
const http: NonNullable<TestRunOptions['http']> = ({ url }) => {
  const name = String(url).slice('http://x/'.length);
  if (name.endsWith('fail')) throw failure('HTTP_STATUS', `${name} answered 503`, { status: 503, retryable: true });
  return { output: name };
};

describe('a list in onError', () => {
  const file = (handlers: string): string => `
ensemble: e
agents:
  - name: risky
    operation: http
    config: { url: "http://x/\${input.what}" }
    retry: { maxAttempts: 2, initialDelay: 0, jitter: false }
    onError:
${handlers}
  - { name: after, operation: transform, config: { value: after } }
output: { risky: "\${risky.output}", failed: "\${risky.failed}", fallback: "\${fallback.output}", after: "\${after.output}" }
`;
  const FALLBACK = '      - { name: fallback, operation: transform, config: { value: "${error}" } }';

  test('runs once the agent has failed, with `error` in scope, and the run goes on', async () => {
    const run = startRun(file(FALLBACK), { http, input: { what: 'fail' } });
    await run.clock.advance(0);
    expect(await run.done).toMatchObject({
      status: 'succeeded',
      output: {
        failed: true,
        fallback: { code: 'HTTP_STATUS', message: 'fail answered 503', attempt: 2, agent: 'risky' },
        after: 'after',
      },
    });
    expect(outline(run).slice(-6)).toEqual([
      'agent.failed risky',
      'agent.started fallback',
      'agent.finished fallback',
      'agent.started after',
      'agent.finished after',
      'run.finished',
    ]);
    expect(eventsOf(run, 'agent.failed')).toMatchObject([{ agent: 'risky', handled: true }]);
  });

  test('does not run when the agent succeeds or is skipped', async () => {
    const run = await runToEnd(file(FALLBACK), { http, input: { what: 'ok' } });
    expect(run.finished).toMatchObject({ status: 'succeeded', output: { risky: 'ok', failed: false } });
    expect(outline(run)).not.toContain('agent.started fallback');
    const skipped = await runToEnd(file(FALLBACK).replace('    retry', '    condition: ${false}\n    retry'), {
      http,
      input: { what: 'fail' },
    });
    expect(outline(skipped)).not.toContain('agent.started fallback');
  });

  test('runs for a condition or a config that cannot be evaluated, and for state that cannot be set', async () => {
    for (const broken of [
      'condition: "${input.none.trim()}", config: { url: "http://x/" }',
      'config: { url: "http://x/${input.none.trim()}" }',
      'config: { url: "http://x/" }, state: { set: { n: "${risky.output}" } }',
    ]) {
      const run = await runToEnd(
        `
ensemble: e
state: { schema: { n: number } }
agents:
  - { name: risky, operation: http, ${broken}, onError: [{ name: tell, operation: transform, config: { value: "\${error.code}" } }] }
output: "\${tell.output}"
`,
        { http },
      );
      expect(run.finished).toMatchObject({ status: 'succeeded', output: broken.includes('set') ? 'STATE_TYPE' : 'EXPRESSION' });
    }
  });

  test('gives up at its own failure, which ends the run', async () => {
    const handlers = `${FALLBACK}\n      - { name: worse, operation: http, config: { url: "http://x/worse-fail" } }\n      - { name: never, operation: log, config: { message: x } }`;
    const run = await runToEnd(file(handlers).replace('maxAttempts: 2', 'maxAttempts: 1'), {
      http,
      input: { what: 'fail' },
    });
    expect(run.finished).toMatchObject({ status: 'failed', agent: 'worse', failure: { message: 'worse-fail answered 503' } });
    expect(outline(run)).not.toContain('agent.started never');
  });

  test('leaves the list around it without a value', async () => {
    const run = await runToEnd(
      `
ensemble: e
agents:
  - type: parallel
    name: both
    steps:
      - { name: a, operation: http, config: { url: "http://x/fail" }, onError: [{ name: tell, operation: transform, config: { value: 1 } }] }
      - { name: b, operation: http, config: { url: "http://x/b" } }
output: "\${both.output}"
`,
      { http },
    );
    expect(run.finished).toMatchObject({ status: 'succeeded', output: [null, 'b'] });
  });

  test('names the agent inside a file that failed, and is tainted as its failure is', async () => {
    const run = await runToEnd(
      `
ensemble: e
agents:
  - { name: inner, onError: [{ name: tell, operation: transform, config: { value: "\${error.agent}" } }] }
output: { where: "\${tell.output}", tainted: "\${tell.tainted}", inner: "\${inner.tainted}" }
`,
      { http, agentFiles: { inner: 'agent: inner\noperations:\n  - { name: get, operation: http, config: { url: "http://x/fail" } }\n' } },
    );
    expect(run.finished.output).toEqual({ where: 'inner/get', tainted: true, inner: true });
  });

  test('runs for each item of a loop, with its item', async () => {
    const run = await runToEnd(
      `
ensemble: e
agents:
  - name: all
    operation: http
    loop: { items: "\${input.items}" }
    config: { url: "http://x/\${item}" }
    onError: [{ name: tell, operation: transform, config: { value: "\${item} \${index} \${error.agent}" } }]
output: { all: "\${all.output}", last: "\${tell.output}" }
`,
      { http, input: { items: ['a', 'b-fail', 'c'] } },
    );
    expect(run.finished).toMatchObject({ status: 'succeeded', output: { all: ['a', null, 'c'], last: 'b-fail 1 all[1]' } });
    expect(outline(run)).toContain('agent.finished tell[1]');
  });

  test('has no part in a run that is over', async () => {
    const run = startRun(file(FALLBACK), { http: () => new Promise(() => undefined), input: { what: 'slow' } });
    await run.clock.advance(0);
    run.cancel();
    expect(await run.done).toMatchObject({ status: 'cancelled' });
    expect(outline(run)).not.toContain('agent.started fallback');
  });
});

describe('an agent that `flow` runs by an id', () => {
  test('reads its own result by the name that it is defined with, in set, onError and compensate', async () => {
    const program: Program = programOf(`
ensemble: e
state: { schema: { last: string } }
agents:
  - name: get
    operation: http
    config: { url: "http://x/\${input.what}" }
    state: { set: { last: "\${get.output}" } }
    onError: [{ name: tell, operation: transform, config: { value: "\${get.error} \${error.agent}" } }]
    compensate: { operation: http, config: { url: "http://x/undo", body: "\${get.output}" } }
flow:
  - { agent: get }
  - { agent: get, id: again, input: { what: second } }
output: { last: "\${state.last}", tell: "\${tell.output}" }
`);
    let calls = 0;
    const bodies: unknown[] = [];
    const act: NonNullable<TestRunOptions['http']> = ({ url, body }) => {
      if (url === 'http://x/undo') bodies.push(body);
      calls += 1;
      return { output: `call-${calls}` };
    };
    const run = await runToEnd(program, { http: act, input: { what: 'x' } });
    expect(run.finished.output).toEqual({ last: 'call-2' });
    const failing = await runToEnd(program, {
      http: (config, context) => (calls === 3 ? http({ url: 'http://x/fail' }, context) : act(config, context)),
      input: { what: 'x' },
    });
    expect(failing.finished).toMatchObject({ status: 'succeeded', output: { last: 'call-3', tell: 'fail answered 503 again' } });
    expect(bodies).toEqual([]);
  });
});
