import { describe, expect, test } from 'vitest';
import { settle } from '../support/fake-clock.ts';
import { HandHttp } from '../support/hand-http.ts';
import { eventsOf, outline, runToEnd, startRun, type TestRunOptions } from '../support/test-run.ts';

const foreach = (more: string, output = '${each.output}'): string => `
ensemble: e
agents:
  - name: each
    type: foreach
${more}
output: ${output}
`;
const CALL = `    steps: [{ name: call, operation: http, config: { url: "http://x/\${item}" } }]`;

async function startHttp(source: string, options: TestRunOptions = {}) {
  const http = new HandHttp();
  const run = startRun(source, { http: http.act, ...options });
  await settle();
  return { http, run };
}

describe('foreach', () => {
  test('runs its steps for each item in order and gives the list of what they gave', async () => {
    const run = await runToEnd(
      foreach(`    items: \${input.rows}
    steps:
      - { name: double, operation: transform, config: { value: "\${item * 2}" } }
      - { name: tell, operation: transform, config: { value: "\${index}: \${double.output} of \${loop.item} at \${loop.index}" } }`),
      { input: { rows: [5, 6] } },
    );
    expect(run.finished.output).toEqual(['0: 10 of 5 at 0', '1: 12 of 6 at 1']);
    expect(eventsOf(run, 'step.started')).toMatchObject([{ step: 'each', kind: 'foreach', items: [5, 6] }]);
    expect(eventsOf(run, 'step.finished')).toMatchObject([{ step: 'each', rounds: 2 }]);
    expect(outline(run)).toEqual([
      'run.started',
      'step.started',
      'agent.started double[0]',
      'agent.finished double[0]',
      'agent.started tell[0]',
      'agent.finished tell[0]',
      'agent.started double[1]',
      'agent.finished double[1]',
      'agent.started tell[1]',
      'agent.finished tell[1]',
      'step.finished',
      'run.finished',
    ]);
  });

  test('runs as many items at once as it may, and gives the list in item order whatever ends first', async () => {
    const { http, run } = await startHttp(foreach(`    items: [a, b, c, d]\n    concurrency: 2\n${CALL}`));
    expect(http.open).toEqual(['a', 'b']);
    await http.answer('b', 'B');
    expect(http.open).toEqual(['a', 'c']);
    await http.answer('c', 'C');
    await http.answer('d', 'D');
    expect(eventsOf(run, 'step.finished')).toEqual([]);
    await http.answer('a', 'A');
    expect(await run.done).toMatchObject({ output: ['A', 'B', 'C', 'D'] });
  });

  test('gives an empty list for no items', async () => {
    expect((await runToEnd(foreach(`    items: []\n${CALL}`))).finished.output).toEqual([]);
  });

  test('gives null for an item that gave nothing', async () => {
    const { finished } = await runToEnd(
      foreach(
        '    items: [1, 2]\n    steps: [{ name: one, operation: transform, condition: "${item == 2}", config: { value: "${item}" } }]',
      ),
    );
    expect(finished.output).toEqual([null, 2]);
  });

  test.each([
    ['"${input.rows}"', 'nothing'],
    ['"${{ a: 1 }}"', 'an object with a'],
    ['"${\'text\'}"', 'the text "text"'],
  ])('fails when items is %s, naming what was found', async (items, found) => {
    const run = await runToEnd(foreach(`    items: ${items}\n${CALL}`));
    expect(run.finished).toMatchObject({
      status: 'failed',
      agent: 'each',
      failure: { code: 'CONFIG_INVALID', message: `items: expected a list, found ${found}.` },
    });
    expect(run.events.map(({ type }) => type)).toEqual(['run.started', 'step.started', 'step.failed', 'run.finished']);
    expect(eventsOf(run, 'step.failed')[0]).not.toHaveProperty('agent');
  });

  test('leaves the results of its agents from the last item, whatever ended last', async () => {
    const { http, run } = await startHttp(foreach(`    items: [a, b]\n    concurrency: 2\n${CALL}`, '${call.output}'));
    await http.answer('b', 'B');
    await http.answer('a', 'A');
    expect(await run.done).toMatchObject({ output: 'B' });
  });

  test('leaves the result of the last item that has one', async () => {
    const { finished } = await runToEnd(
      foreach(
        `    items: [1, 2, 3]
    steps:
      - type: branch
        condition: \${item < 3}
        then: [{ name: low, operation: transform, config: { value: "\${item}" } }]
        else: [{ name: high, operation: transform, config: { value: "\${item}" } }]`,
        '["${low.output}", "${high.output}"]',
      ),
    );
    expect(finished.output).toEqual([2, 3]);
  });

  test('shows an item nothing of the items beside and before it', async () => {
    const seen = await runToEnd(
      foreach(`    items: [1, 2, 3]
    steps:
      - type: branch
        condition: \${index == 0}
        then: [{ name: first, operation: transform, config: { value: "\${item}" } }]
      - { name: sees, operation: transform, config: { value: "\${first.output ?? 'nothing'}" } }`),
    );
    expect(seen.finished.output).toEqual([1, 'nothing', 'nothing']);
  });

  test('shows an item what stood before the loop', async () => {
    const { finished } = await runToEnd(`
ensemble: e
agents:
  - { name: base, operation: transform, config: { value: 10 } }
  - type: foreach
    items: [1, 2]
    steps: [{ name: add, operation: transform, config: { value: "\${base.output + item}" } }]
`);
    expect(finished.output).toEqual([11, 12]);
  });

  test('cancels the rest when an item fails, begins no other and fails with that failure', async () => {
    const { http, run } = await startHttp(foreach(`    items: [a, b, c, d]\n    concurrency: 3\n${CALL}`));
    await http.fail('b');
    expect(http.cancelled).toEqual(['a', 'c']);
    expect(await run.done).toMatchObject({ status: 'failed', agent: 'call[1]', failure: { message: 'b failed' } });
    expect(http.seen).toEqual(['a', 'b', 'c']);
    expect(eventsOf(run, 'agent.failed').map(({ agent, handled }) => [agent, handled])).toEqual([
      ['call[1]', false],
      ['call[0]', true],
      ['call[2]', true],
    ]);
  });

  test('goes on when the failure of an item is handled', async () => {
    const { http, run } = await startHttp(
      foreach('    items: [a, b]\n    steps: [{ name: call, operation: http, onError: continue, config: { url: "http://x/${item}" } }]'),
    );
    await http.fail('a');
    await http.answer('b');
    expect(await run.done).toMatchObject({ status: 'succeeded', output: [null, 'b'] });
  });

  test('leaves the results of its agents when it fails, for whoever asks', async () => {
    const { http, run } = await startHttp(foreach(`    items: [a, b]\n${CALL}`, '"${each.failed} ${each.failure.code} ${call.output}"'));
    await http.answer('a');
    await http.fail('b');
    expect(await run.done).toMatchObject({ status: 'succeeded', output: 'true NETWORK ' });
  });

  test('keeps the idempotency key of each item apart', async () => {
    const keys: string[] = [];
    await runToEnd(foreach(`    items: [a, b]\n${CALL}`), {
      http: (_, { idempotencyKey }) => {
        keys.push(idempotencyKey);
        return { output: 1 };
      },
    });
    expect(keys).toEqual(['run-1/call[0]', 'run-1/call[1]']);
  });

  test('ten thousand items at fifty at once are all done, and no more than fifty are at work', async () => {
    let [atWork, most, done] = [0, 0, 0];
    const { finished } = await runToEnd(
      foreach(
        '    items: "${Array.from({ length: 10000 }, (_, i) => i)}"\n    concurrency: 50\n    steps: [{ name: call, operation: http, config: { url: http://x/ } }]',
        '${each.output.length}',
      ),
      {
        http: async () => {
          atWork += 1;
          most = Math.max(most, atWork);
          await Promise.resolve();
          atWork -= 1;
          done += 1;
          return { output: 1 };
        },
      },
    );
    expect(finished.output).toBe(10_000);
    expect([most, done]).toEqual([50, 10_000]);
  });
});

describe('breakWhen', () => {
  test('ends the loop with the item for which it holds', async () => {
    const run = await runToEnd(
      foreach(`    items: [1, 2, 3, 4]
    breakWhen: \${one.output >= 20}
    steps: [{ name: one, operation: transform, config: { value: "\${item * 10}" } }]`),
    );
    expect(run.finished.output).toEqual([10, 20]);
    expect(eventsOf(run, 'step.decided')).toMatchObject([{ step: 'each', took: 'stop', saw: true, round: 1 }]);
    expect(eventsOf(run, 'step.finished')).toMatchObject([{ rounds: 2 }]);
  });

  test('cancels the items behind it, lets those before it end, and gives what one after another would give', async () => {
    const { http, run } = await startHttp(
      foreach(
        `    items: [a, b, c, d]\n    concurrency: 3\n    breakWhen: \${call.output == 'stop'}\n${CALL}`,
        '["${each.output}", "${call.output}"]',
      ),
    );
    await http.answer('c', 'C');
    await http.answer('b', 'stop');
    expect(http.cancelled).toEqual(['d']);
    expect(http.open).toEqual(['a']);
    await http.answer('a', 'A');
    expect(await run.done).toMatchObject({ status: 'succeeded', output: [['A', 'stop'], 'stop'] });
    expect(eventsOf(run, 'agent.failed')).toMatchObject([{ agent: 'call[3]', handled: true, failure: { code: 'CANCELLED' } }]);
  });

  test('of an item before moves the end of the loop further to the front', async () => {
    const { http, run } = await startHttp(
      foreach(`    items: [a, b, c]\n    concurrency: 3\n    breakWhen: \${call.output == 'stop'}\n${CALL}`),
    );
    await http.answer('b', 'stop');
    await http.answer('a', 'stop');
    expect(await run.done).toMatchObject({ output: ['stop'] });
  });

  test('that cannot be evaluated fails the loop', async () => {
    const { finished } = await runToEnd(
      foreach(`    items: [1, 2]
    breakWhen: \${input.a.b.toFixed(1)}
    steps: [{ name: one, operation: transform, config: { value: "\${item}" } }]`),
    );
    expect(finished).toMatchObject({ status: 'failed', agent: 'each', failure: { code: 'EXPRESSION' } });
  });
});
