import { describe, expect, test } from 'vitest';
import { settle } from '../support/fake-clock.ts';
import { HandHttp } from '../support/hand-http.ts';
import { eventsOf, outline, runToEnd, startRun } from '../support/test-run.ts';

const mapReduce = (more: string, output = '${all.output}'): string => `
ensemble: e
agents:
  - name: all
    type: map-reduce
    items: \${input.rows}
${more}
output: ${output}
`;
const MAP = '    map: [{ name: call, operation: http, config: { url: "http://x/${item}" } }]\n';
const REDUCE = '    reduce: [{ name: join, operation: transform, config: { value: "${mapResults.join(\'+\')}" } }]';

describe('map-reduce', () => {
  test('maps each item, several at once, and reduces what they gave in item order', async () => {
    const http = new HandHttp();
    const run = startRun(mapReduce(`    concurrency: 2\n${MAP}${REDUCE}`), { http: http.act, input: { rows: ['a', 'b', 'c'] } });
    await settle();
    expect(http.open).toEqual(['a', 'b']);
    await http.answer('b');
    await http.answer('c');
    await http.answer('a');
    expect(await run.done).toMatchObject({ output: 'a+b+c' });
    expect(eventsOf(run, 'step.started')).toMatchObject([{ step: 'all', kind: 'map-reduce', items: ['a', 'b', 'c'] }]);
    expect(eventsOf(run, 'step.finished')).toMatchObject([{ step: 'all', rounds: 3, output: 'a+b+c' }]);
    expect(outline(run).slice(-4)).toEqual(['agent.started join', 'agent.finished join', 'step.finished', 'run.finished']);
  });

  test('gives the list when there is no reduce', async () => {
    const { finished } = await runToEnd(mapReduce('    map: [{ name: sum, operation: transform, config: { value: "${item + index}" } }]'), {
      input: { rows: [1, 2] },
    });
    expect(finished.output).toEqual([1, 3]);
  });

  test('reduces an empty list too', async () => {
    const { finished } = await runToEnd(
      mapReduce(`${MAP}    reduce: [{ name: count, operation: transform, config: { value: "\${mapResults.length}" } }]`),
      { input: { rows: [] } },
    );
    expect(finished.output).toBe(0);
  });

  test('does not reduce when an item fails', async () => {
    const http = new HandHttp();
    const run = startRun(mapReduce(`    concurrency: 2\n${MAP}${REDUCE}`), { http: http.act, input: { rows: ['a', 'b', 'c'] } });
    await settle();
    await http.fail('a');
    expect(await run.done).toMatchObject({ status: 'failed', agent: 'call[0]' });
    expect(outline(run)).not.toContain('agent.started join');
  });

  test('reads the results of the last item in reduce', async () => {
    const { finished } = await runToEnd(
      mapReduce(
        '    map: [{ name: one, operation: transform, config: { value: "${item}" } }]\n    reduce: [{ name: last, operation: transform, config: { value: "${one.output}" } }]',
      ),
      { input: { rows: [1, 2] } },
    );
    expect(finished.output).toBe(2);
  });
});
