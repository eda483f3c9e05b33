import { describe, expect, test } from 'vitest';
import { settle } from '../support/fake-clock.ts';
import { HandHttp } from '../support/hand-http.ts';
import { eventsOf, outline, runToEnd, startRun } from '../support/test-run.ts';

const loop = (more: string, output = '${call.output}'): string => `
ensemble: e
input: { rows: { type: array, default: [] }, on: { type: boolean, default: true } }
agents:
  - name: call
${more}
output: ${output}
`;
const HTTP = '    operation: http\n    config: { url: "http://x/${item}" }\n';
const DOUBLE = '    operation: transform\n    config: { value: "${item * 2}" }\n';

async function startHttp(source: string, rows: readonly string[] = ['a', 'b', 'c']) {
  const http = new HandHttp();
  const run = startRun(source, { http: http.act, input: { rows: [...rows] } });
  await settle();
  return { http, run };
}

describe('loop', () => {
  test('runs the agent for each item; its output and its outputs are the list', async () => {
    const run = await runToEnd(loop(`${DOUBLE}    loop: { items: [1, 2, 3] }`, '["${call.output}", "${call.outputs}", "${call.success}"]'));
    expect(run.finished).toMatchObject({ output: [[2, 4, 6], [2, 4, 6], true], steps: 3 });
    expect(eventsOf(run, 'step.started')).toMatchObject([{ step: 'call', kind: 'loop', items: [1, 2, 3] }]);
    expect(eventsOf(run, 'agent.started').map(({ agent }) => agent)).toEqual(['call[0]', 'call[1]', 'call[2]']);
    expect(eventsOf(run, 'step.finished')).toMatchObject([{ step: 'call', output: [2, 4, 6], rounds: 3 }]);
  });

  test('runs several items at once and lists them in order', async () => {
    const { http, run } = await startHttp(loop(`${HTTP}    loop: { items: "\${input.rows}", concurrency: 2 }`));
    expect(http.open).toEqual(['a', 'b']);
    await http.answer('b');
    await http.answer('c');
    await http.answer('a');
    expect(await run.done).toMatchObject({ output: ['a', 'b', 'c'] });
  });

  test('ends with the item for which breakWhen holds, which reads that item’s result', async () => {
    const { finished } = await runToEnd(loop(`${DOUBLE}    loop: { items: [1, 2, 3], breakWhen: "\${call.output == 4}" }`));
    expect(finished.output).toEqual([2, 4]);
  });

  test('an agent whose condition reads nothing of the iteration is skipped as a whole', async () => {
    const run = await runToEnd(
      loop(
        `${DOUBLE}    condition: \${input.on}\n    loop: { items: [1, 2] }`,
        '["${call.skipped}", "${call.outputs}", "${call.executed}"]',
      ),
      { input: { on: false } },
    );
    expect(run.finished).toMatchObject({ output: [true, null, false], steps: 0 });
    expect(outline(run)).toEqual(['run.started', 'agent.skipped call', 'run.finished']);
    expect(eventsOf(run, 'agent.skipped')).toMatchObject([{ agent: 'call', condition: '${input.on}', saw: false }]);
  });

  test('a condition that reads the item skips items', async () => {
    const run = await runToEnd(loop(`${DOUBLE}    condition: \${item != 2}\n    loop: { items: [1, 2, 3] }`));
    expect(run.finished.output).toEqual([2, null, 6]);
    expect(eventsOf(run, 'agent.skipped')).toMatchObject([{ agent: 'call[1]', saw: false }]);
  });

  test('fails with the first item that fails, and cancels the others', async () => {
    const { http, run } = await startHttp(loop(`${HTTP}    loop: { items: "\${input.rows}", concurrency: 2 }`));
    await http.fail('b');
    expect(http.cancelled).toEqual(['a']);
    expect(await run.done).toMatchObject({ status: 'failed', agent: 'call[1]', failure: { message: 'b failed' } });
    expect(http.seen).toEqual(['a', 'b']);
  });

  test('goes on after a failed item when the agent says so, with null in its place', async () => {
    const { http, run } = await startHttp(
      loop(`${HTTP}    onError: continue\n    loop: { items: "\${input.rows}" }`, '["${call.output}", "${call.success}"]'),
    );
    await http.answer('a');
    await http.fail('b');
    await http.answer('c');
    expect(await run.done).toMatchObject({ status: 'succeeded', output: [['a', null, 'c'], true] });
  });

  test('tries each item as often as the agent’s retry says', async () => {
    const { http, run } = await startHttp(
      loop(`${HTTP}    retry: { maxAttempts: 2, backoff: fixed, initialDelay: 10, jitter: false }\n    loop: { items: "\${input.rows}" }`),
      ['a'],
    );
    await http.fail('a', 'busy');
    await run.clock.advance(10);
    expect(http.seen).toEqual(['a', 'a']);
    await http.answer('a');
    expect(await run.done).toMatchObject({ output: ['a'] });
    expect(eventsOf(run, 'attempt.started')).toMatchObject([{ agent: 'call[0]', attempt: 2 }]);
  });

  test('sets state in every iteration', async () => {
    const run = await runToEnd(`
ensemble: e
state: { schema: { sum: { type: number, default: 0, reducer: add } } }
agents:
  - name: call
    operation: transform
    config: { value: "\${item * 2}" }
    loop: { items: [1, 2, 3] }
    state: { set: { sum: "\${call.output}" } }
output: \${state.sum}
`);
    expect(run.finished.output).toBe(12);
    expect(eventsOf(run, 'state.set').map(({ agent }) => agent)).toEqual(['call[0]', 'call[1]', 'call[2]']);
  });

  test('that goes over no list fails as the agent', async () => {
    const { finished } = await runToEnd(
      loop(`${DOUBLE}    loop: { items: "\${input.nothing}" }`).replace(
        'input: { rows: { type: array, default: [] }, on: { type: boolean, default: true } }\n',
        '',
      ),
    );
    expect(finished).toMatchObject({
      status: 'failed',
      agent: 'call',
      failure: { code: 'CONFIG_INVALID', message: 'items: expected a list, found nothing.' },
    });
  });

  test('that `flow` runs by an id knows itself by both names', async () => {
    const ends = (name: string): string => `
ensemble: e
state: { schema: { last: number } }
agents:
  - name: call
    operation: transform
    config: { value: "\${item}" }
    loop: { items: [1, 2, 3], breakWhen: "\${${name}.output === 2}" }
    state: { set: { last: "\${call.output}" } }
flow: [{ agent: call, id: first }]
output: { all: "\${first.outputs}", last: "\${state.last}" }
`;
    for (const name of ['call', 'first']) {
      const { finished } = await runToEnd(ends(name));
      expect(finished.output).toEqual({ all: [1, 2], last: 2 });
    }
  });
});
