import { describe, expect, test } from 'vitest';
import { settle } from '../support/fake-clock.ts';
import { HandHttp } from '../support/hand-http.ts';
import { eventsOf, outline, runToEnd, startRun, type TestRunOptions } from '../support/test-run.ts';

const http = (name: string, more = ''): string => `{ name: ${name}, operation: http, config: { url: "http://x/${name}" }${more} }`;
const value = (name: string, what: string): string => `{ name: ${name}, operation: transform, config: { value: "${what}" } }`;
const fails = (name: string, message = name): string =>
  `{ name: ${name}, operation: assert, config: { that: "\${input.ok}", message: ${message} } }`;

function guarded(parts: { steps: string; catch?: string; finally?: string }, output = '${all.output}'): string {
  return `
ensemble: e
agents:
  - name: all
    type: try
    steps: [${parts.steps}]
${parts.catch === undefined ? '' : `    catch: [${parts.catch}]\n`}${parts.finally === undefined ? '' : `    finally: [${parts.finally}]\n`}output: ${output}
`;
}

async function startHttp(source: string, options: TestRunOptions = {}) {
  const calls = new HandHttp();
  const run = startRun(source, { http: calls.act, ...options });
  await settle();
  return { calls, run };
}

describe('try', () => {
  test('gives the value of its steps when they succeed; finally has no say', async () => {
    const run = await runToEnd(
      guarded({ steps: value('a', 'A'), catch: value('c', 'C'), finally: value('f', '${a.output} F') }, '["${all.output}", "${f.output}"]'),
    );
    expect(run.finished.output).toEqual(['A', 'A F']);
    expect(outline(run)).not.toContain('agent.started c');
    expect(eventsOf(run, 'step.decided')).toEqual([]);
  });

  test('gives the value of catch when a step fails, and the rest of the steps does not run', async () => {
    const run = await runToEnd(guarded({ steps: `${fails('a')}, ${value('b', 'B')}`, catch: value('c', 'C') }));
    expect(run.finished).toMatchObject({ status: 'succeeded', output: 'C' });
    expect(outline(run)).not.toContain('agent.started b');
    expect(eventsOf(run, 'step.decided')).toMatchObject([
      { step: 'all', took: 'catch', saw: { code: 'ASSERTION', message: 'a', attempt: 1, agent: 'a' } },
    ]);
  });

  test('tells catch what failed, after how many tries and in which iteration', async () => {
    const { calls, run } = await startHttp(`
ensemble: e
agents:
  - name: all
    type: try
    steps:
      - name: each
        type: foreach
        items: [x, y]
        steps: [{ name: call, operation: http, config: { url: "http://x/\${item}" }, retry: { maxAttempts: 2, backoff: fixed, initialDelay: 5, jitter: false } }]
    catch: [${value('c', '${error}')}]
output: \${all.output}
`);
    await calls.answer('x');
    await calls.fail('y', 'busy');
    await run.clock.advance(5);
    await calls.fail('y', 'still busy');
    expect(await run.done).toMatchObject({ output: { code: 'NETWORK', message: 'still busy', attempt: 2, agent: 'call[1]' } });
    expect(eventsOf(run, 'step.failed')).toMatchObject([{ step: 'each', agent: 'call[1]', handled: false }]);
  });

  test('tells catch of a flow step that fails by itself', async () => {
    const { finished } = await runToEnd(`
ensemble: e
agents:
  - name: all
    type: try
    steps: [{ name: each, type: foreach, items: "\${input.rows}", steps: [${value('a', 'A')}] }]
    catch: [${value('c', '${error.code} ${error.agent} ${error.attempt}')}]
output: \${all.output}
`);
    expect(finished.output).toBe('CONFIG_INVALID each 1');
  });

  test('handles a failure even without catch, and gives nothing then', async () => {
    const run = await runToEnd(
      guarded({ steps: fails('a'), finally: value('f', 'F') }, '"${all.output ?? \'nothing\'} ${all.success} ${f.output}"'),
    );
    expect(run.finished).toMatchObject({ status: 'succeeded', output: 'nothing true F' });
  });

  test('shows catch and finally the results of the steps that ran', async () => {
    const { finished } = await runToEnd(
      guarded(
        {
          steps: `${value('a', 'A')}, ${fails('b', 'broken')}`,
          catch: value('c', '${a.output} ${b.executed} ${error.message}'),
          finally: value('f', '${c.output}!'),
        },
        '${f.output}',
      ),
    );
    expect(finished.output).toBe('A true broken!');
  });

  test('fails with the failure of catch, after finally', async () => {
    const run = await runToEnd(guarded({ steps: fails('a'), catch: fails('c', 'worse'), finally: value('f', '${error.message}') }));
    expect(run.finished).toMatchObject({ status: 'failed', agent: 'c', failure: { message: 'worse' } });
    expect(eventsOf(run, 'agent.finished')).toMatchObject([{ agent: 'f', output: 'worse' }]);
  });

  test.each([
    ['when the steps succeed', value('a', 'A'), undefined],
    ['in place of the failure that was caught', fails('a'), value('c', 'C')],
    ['in place of the failure of catch', fails('a'), fails('c')],
  ])('fails with the failure of finally %s', async (_, steps, caught) => {
    const { finished } = await runToEnd(
      guarded({ steps, ...(caught === undefined ? {} : { catch: caught }), finally: fails('f', 'unclean') }),
    );
    expect(finished).toMatchObject({ status: 'failed', agent: 'f', failure: { message: 'unclean' } });
  });

  test('binds error in finally to what failed, or to nothing', async () => {
    const seen = "${error.code ?? 'none'}";
    expect((await runToEnd(guarded({ steps: value('a', 'A'), finally: value('f', seen) }, '${f.output}'))).finished.output).toBe('none');
    expect((await runToEnd(guarded({ steps: fails('a'), finally: value('f', seen) }, '${f.output}'))).finished.output).toBe('ASSERTION');
  });

  test('catches what fails in it although catch, finally and the output read how the agent fared', async () => {
    const { finished } = await runToEnd(
      guarded(
        { steps: `${fails('a')}, ${value('b', 'B')}`, catch: value('c', 'caught ${a.error}'), finally: value('f', '${a.failed}') },
        '["${all.output}", "${a.failed}", "${b.executed ?? false}", "${f.output}"]',
      ),
    );
    expect(finished).toMatchObject({ status: 'succeeded', output: ['caught a', true, false, true] });
  });

  test('goes on after a failure that a later one of its steps reads', async () => {
    const { finished } = await runToEnd(
      guarded(
        { steps: `${fails('a')}, ${value('b', '${a.error}')}`, catch: value('c', 'caught') },
        '["${all.output}", "${c.executed ?? false}"]',
      ),
    );
    expect(finished).toMatchObject({ status: 'succeeded', output: ['a', false] });
  });

  test('passes the failure of a try in it on, although the output reads whether that one failed', async () => {
    const inner = `{ name: inner, type: try, steps: [${fails('a')}], catch: [${fails('b')}] }`;
    const { finished } = await runToEnd(
      guarded({ steps: inner, catch: value('c', '${error.agent}') }, '["${all.output}", "${inner.failed}", "${b.failed}"]'),
    );
    expect(finished).toMatchObject({ status: 'succeeded', output: ['b', true, true] });
  });

  test('can be asked whether it failed', async () => {
    const { finished } = await runToEnd(
      guarded({ steps: fails('a'), catch: fails('c', 'worse') }, '"${all.failed} ${all.failure.message}"'),
    );
    expect(finished).toMatchObject({ status: 'succeeded', output: 'true worse' });
  });

  test('hides the error of a catch around it in a catch of its own', async () => {
    const { finished } = await runToEnd(`
ensemble: e
agents:
  - name: outer
    type: try
    steps: [${fails('a', 'outer')}]
    catch:
      - type: try
        steps: [${fails('b', 'inner')}]
        catch: [${value('seen-inside', '${error.message}')}]
        finally: [${value('seen-last', '${error.message}')}]
      - ${value('seen-after', '${error.message}')}
output: ["\${seen-inside.output}", "\${seen-last.output}", "\${seen-after.output}"]
`);
    expect(finished.output).toEqual(['inner', 'inner', 'outer']);
  });
});

describe('finally', () => {
  const parts = { steps: http('work'), catch: value('c', 'C'), finally: `${http('clean')}, ${value('f', '${error.code}')}` };

  test('runs when the run is cancelled, with a signal that does not fire; catch does not', async () => {
    const { calls, run } = await startHttp(guarded(parts));
    run.cancel();
    await settle();
    expect(calls.cancelled).toEqual(['work']);
    expect(calls.open).toEqual(['clean']);
    await calls.answer('clean');
    expect(await run.done).toMatchObject({ status: 'cancelled', failure: { code: 'CANCELLED' } });
    expect(outline(run)).not.toContain('agent.started c');
    expect(eventsOf(run, 'agent.finished')).toMatchObject([{ agent: 'clean' }, { agent: 'f', output: 'CANCELLED' }]);
  });

  test('that has begun is not cut short when the run is cancelled', async () => {
    const { calls, run } = await startHttp(guarded({ ...parts, steps: value('a', 'A') }));
    run.cancel();
    await settle();
    expect(calls.open).toEqual(['clean']);
    await calls.answer('clean');
    expect(await run.done).toMatchObject({ status: 'cancelled' });
    expect(eventsOf(run, 'agent.finished').map(({ agent }) => agent)).toEqual(['a', 'clean', 'f']);
  });

  test('runs when the run has taken as many steps as it may', async () => {
    const run = await runToEnd(
      `limits: { max_steps: 1 }\n${guarded({ steps: `${value('a', 'A')}, ${value('b', 'B')}`, finally: value('f', '${error.code}') })}`,
    );
    expect(run.finished).toMatchObject({ status: 'failed', failure: { code: 'LIMIT_STEPS' }, steps: 2 });
    expect(eventsOf(run, 'agent.finished')).toMatchObject([{ agent: 'a' }, { agent: 'f', output: 'LIMIT_STEPS' }]);
  });

  test('that fails does not hide that the run was cancelled', async () => {
    const { run } = await startHttp(guarded({ ...parts, finally: fails('f') }));
    run.cancel();
    expect(await run.done).toMatchObject({ status: 'cancelled', failure: { code: 'CANCELLED' } });
    expect(eventsOf(run, 'agent.failed')).toMatchObject([{ agent: 'work' }, { agent: 'f', failure: { code: 'ASSERTION' } }]);
  });

  test('runs in a branch that is not waited for any longer, and is waited for itself', async () => {
    const { calls, run } = await startHttp(`
ensemble: e
agents:
  - name: race
    parallel:
      - type: try
        steps: [${http('slow')}]
        catch: [${value('c', 'C')}]
        finally: [${http('clean')}]
      - ${http('quick')}
    waitFor: first
output: \${race.output}
`);
    await calls.answer('quick');
    expect(calls.cancelled).toEqual(['slow']);
    expect(eventsOf(run, 'run.finished')).toEqual([]);
    await calls.answer('clean');
    expect(await run.done).toMatchObject({ status: 'succeeded', output: 'quick' });
    expect(outline(run)).not.toContain('agent.started c');
  });
});
