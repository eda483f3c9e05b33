import { describe, expect, test } from 'vitest';
import { HandHttp } from '../support/hand-http.ts';
import { eventsOf, outline, runToEnd, startRun } from '../support/test-run.ts';

const call = (name: string, more = ''): string =>
  `      - { name: ${name}, operation: http, config: { url: "http://x/${name}" }${more} }\n`;
const value = (name: string, what: string, more = ''): string =>
  `      - { name: ${name}, operation: transform, config: { value: "${what}" }${more} }\n`;
const parallel = (branches: string, more = '', output = '${all.output}'): string => `
ensemble: e
agents:
  - name: all
    parallel:
${branches}${more}
output: ${output}
`;

async function startHttp(source: string) {
  const http = new HandHttp();
  const run = startRun(source, { http: http.act });
  await run.clock.advance(0);
  return { http, run };
}

describe('parallel', () => {
  test('runs its branches side by side and gives their values in listed order', async () => {
    const { http, run } = await startHttp(parallel(call('a') + call('b') + call('c')));
    expect(http.open).toEqual(['a', 'b', 'c']);
    await http.answer('c', 3);
    await http.answer('a', 1);
    await http.answer('b', 2);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: [1, 2, 3], steps: 3 });
    expect(outline(run)).toEqual([
      'run.started',
      'step.started',
      'agent.started a',
      'agent.started b',
      'agent.started c',
      'agent.finished c',
      'agent.finished a',
      'agent.finished b',
      'step.finished',
      'run.finished',
    ]);
    expect(eventsOf(run, 'step.started')).toMatchObject([{ step: 'all', kind: 'parallel', branches: 3 }]);
    expect(eventsOf(run, 'step.finished')).toMatchObject([{ step: 'all', output: [1, 2, 3], tainted: true }]);
  });

  test('gives null for a branch that gave nothing', async () => {
    const { finished } = await runToEnd(parallel(value('a', 'x', ', condition: false') + value('b', 'y')));
    expect(finished.output).toEqual([null, 'y']);
  });

  test('leaves the results of its agents by name', async () => {
    const { finished } = await runToEnd(parallel(value('a', 'x') + value('b', 'y'), '', '["${b.output}", "${a.output}"]'));
    expect(finished.output).toEqual(['y', 'x']);
  });

  test('cancels the other branches when one fails, and fails with that failure', async () => {
    const { http, run } = await startHttp(parallel(call('a') + call('b') + call('c')));
    await http.answer('c');
    await http.fail('b');
    expect(http.cancelled).toEqual(['a']);
    expect(await run.done).toMatchObject({ status: 'failed', agent: 'b', failure: { code: 'NETWORK', message: 'b failed' } });
    expect(eventsOf(run, 'agent.failed')).toMatchObject([
      { agent: 'b', handled: false },
      { agent: 'a', handled: true, failure: { code: 'CANCELLED' } },
    ]);
    expect(eventsOf(run, 'step.failed')).toMatchObject([
      { step: 'all', agent: 'b', failure: { code: 'NETWORK' }, handled: false, tainted: true },
    ]);
  });

  test('goes on when the failure of a branch is handled', async () => {
    const { http, run } = await startHttp(parallel(call('a', ', onError: continue') + call('b')));
    await http.fail('a');
    await http.answer('b', 2);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: [null, 2] });
  });

  test('lets the run go on when its own failure is asked for', async () => {
    const { http, run } = await startHttp(parallel(call('a') + call('b'), '', '"${all.failed}: ${all.error}"'));
    await http.fail('a');
    expect(await run.done).toMatchObject({ status: 'succeeded', output: 'true: a failed' });
    expect(eventsOf(run, 'step.failed')).toMatchObject([{ handled: true }]);
  });

  test('ends without a branch', async () => {
    expect((await runToEnd(parallel('      []\n'))).finished.output).toEqual([]);
  });
});

describe('parallel with waitFor: any', () => {
  const any = '    waitFor: any\n';

  test('gives the value of the first branch that succeeds and cancels the rest', async () => {
    const { http, run } = await startHttp(parallel(call('a') + call('b') + call('c'), any));
    await http.fail('c');
    expect(http.open).toEqual(['a', 'b']);
    await http.answer('b', 2);
    expect(http.cancelled).toEqual(['a']);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: 2 });
    const events = run.events.map((event) =>
      'step' in event ? `${event.type} ${event.step}` : 'agent' in event ? `${event.type} ${event.agent}` : event.type,
    );
    expect(events.slice(events.indexOf('agent.failed c'))).toEqual([
      'agent.failed c',
      'agent.finished b',
      'step.decided all',
      'agent.failed a',
      'step.finished all',
      'run.finished',
    ]);
    expect(eventsOf(run, 'step.decided')).toMatchObject([{ step: 'all', took: '1' }]);
    expect(eventsOf(run, 'agent.failed').at(-1)).toMatchObject({ agent: 'a', handled: true, failure: { code: 'CANCELLED' } });
  });

  test('fails with the failure of the first branch when all fail, and says so', async () => {
    const { http, run } = await startHttp(parallel(call('a') + call('b'), any));
    await http.fail('b');
    await http.fail('a');
    expect(await run.done).toMatchObject({
      status: 'failed',
      agent: 'a',
      failure: { code: 'NETWORK', message: 'None of the 2 branches succeeded. The first failure: a failed' },
    });
    expect(eventsOf(run, 'step.decided')).toEqual([]);
  });

  test('is not won by a branch whose failure is handled, nor by one that is skipped', async () => {
    const { http, run } = await startHttp(parallel(call('a', ', condition: false') + call('b', ', onError: continue') + call('c'), any));
    await http.fail('b');
    await http.answer('c', 3);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: 3 });
    expect(eventsOf(run, 'step.decided')).toMatchObject([{ took: '2' }]);
  });

  test('gives nothing when no branch succeeds and every failure is handled', async () => {
    const { http, run } = await startHttp(
      parallel(call('a', ', condition: false') + call('b', ', onError: continue'), any, '${all.success ? "ran" : "did not"}'),
    );
    await http.fail('b');
    expect(await run.done).toMatchObject({ status: 'succeeded', output: 'ran' });
  });
});

describe('parallel with waitFor: first', () => {
  const first = '    waitFor: first\n';

  test('gives the value of the first branch that ends and cancels the rest', async () => {
    const { http, run } = await startHttp(parallel(call('a') + call('b'), first));
    await http.answer('b', 2);
    expect(http.cancelled).toEqual(['a']);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: 2 });
  });

  test('fails when the first that ends fails', async () => {
    const { http, run } = await startHttp(parallel(call('a') + call('b'), first));
    await http.fail('b');
    expect(http.cancelled).toEqual(['a']);
    expect(await run.done).toMatchObject({ status: 'failed', agent: 'b', failure: { message: 'b failed' } });
    expect(eventsOf(run, 'step.decided')).toMatchObject([{ step: 'all', took: '1' }]);
  });

  test('is not decided by a branch that is skipped', async () => {
    const { http, run } = await startHttp(parallel(call('a', ', condition: false') + call('b'), first));
    await http.answer('b', 2);
    expect(await run.done).toMatchObject({ output: 2 });
  });

  test('cancels a branch in all that it holds', async () => {
    const { http, run } = await startHttp(`
ensemble: e
agents:
  - name: race
    parallel:
      - type: foreach
        name: slow
        items: \${[1, 2, 3]}
        concurrency: 2
        steps:
          - { name: one, operation: http, config: { url: "http://x/item \${item}" } }
      - { name: quick, operation: http, config: { url: http://x/quick } }
    waitFor: first
  - { name: after, operation: transform, config: { value: "\${slow.failure?.code ?? 'unknown'} \${one.failure?.code}" } }
`);
    expect(http.open).toEqual(['item 1', 'item 2', 'quick']);
    await http.answer('quick');
    expect(http.cancelled).toEqual(['item 1', 'item 2']);
    expect(http.seen).not.toContain('item 3');
    expect(await run.done).toMatchObject({ status: 'succeeded', output: 'CANCELLED CANCELLED' });
    expect(eventsOf(run, 'step.failed')).toMatchObject([{ step: 'slow', handled: true, failure: { code: 'CANCELLED' } }]);
  });
});
