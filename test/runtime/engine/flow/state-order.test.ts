import { describe, expect, test } from 'vitest';
import { fold } from '../../../../src/runtime/journal/fold.ts';
import { HandHttp } from '../support/hand-http.ts';
import { eventsOf, outline, startRun } from '../support/test-run.ts';

const STATE = 'state: { schema: { list: { type: array, reducer: append }, last: any } }';
const writer = (name: string): string =>
  `{ name: ${name}, operation: http, config: { url: "http://x/${name}" }, state: { set: { list: ${name}, last: ${name} } } }`;

async function startHttp(agents: string, more = 'output: "${state}"') {
  const http = new HandHttp();
  const run = startRun(`\nensemble: e\n${STATE}\nagents:\n${agents}${more}\n`, { http: http.act });
  await run.clock.advance(0);
  return { http, run };
}

describe('what runs side by side and sets state', () => {
  test('leaves what it leaves in listed order, told by the step before its end', async () => {
    const { http, run } = await startHttp(`  - { name: all, parallel: [${writer('a')}, ${writer('b')}, ${writer('c')}] }\n`);
    for (const name of ['c', 'a', 'b']) await http.answer(name);
    expect(await run.done).toMatchObject({ output: { list: ['a', 'b', 'c'], last: 'c' } });
    expect(eventsOf(run, 'state.set').at(-1)).toMatchObject({
      agent: 'all',
      values: { list: ['a', 'b', 'c'], last: 'c' },
      writes: { last: 'c' },
      tainted: ['list', 'last'],
    });
    expect(outline(run).slice(-4)).toEqual(['agent.finished b', 'state.set all', 'step.finished', 'run.finished']);
    expect(fold(run.events).states.get('')?.values).toEqual({ list: ['a', 'b', 'c'], last: 'c' });
  });

  test('tells nothing where it was in order anyway', async () => {
    const { http, run } = await startHttp(`  - { name: all, parallel: [${writer('a')}, ${writer('b')}] }\n`);
    for (const name of ['a', 'b']) await http.answer(name);
    await run.done;
    expect(eventsOf(run, 'state.set').map(({ agent }) => agent)).toEqual(['a', 'b']);
  });

  test('is in item order in loops, and in loops within loops', async () => {
    const inner = '{ name: call, operation: http, config: { url: "http://x/${item}" }, state: { set: { list: "${call.output}" } } }';
    const nested = `  - type: foreach
    items: [[a, b], [c, d]]
    concurrency: 2
    step: { type: foreach, items: "\${item}", concurrency: 2, step: ${inner} }
`;
    const { http, run } = await startHttp(nested);
    for (const name of ['d', 'a', 'c', 'b']) await http.answer(name);
    expect(await run.done).toMatchObject({ output: { list: ['a', 'b', 'c', 'd'] } });
    expect(eventsOf(run, 'state.set').map(({ agent }) => agent)).toEqual([
      'call[1][1]',
      'call[0][0]',
      'call[1][0]',
      'call[0][1]',
      'foreach#1',
    ]);
  });

  test('is in order for what comes after, and when it failed too', async () => {
    const http = new HandHttp();
    const fails = '{ name: fails, operation: http, config: { url: "http://x/fails" } }';
    const run = startRun(
      `
ensemble: e
${STATE}
agents:
  - name: both
    parallel: [${writer('a')}, ${writer('b')}, ${fails}]
  - { name: after, operation: transform, config: { value: "\${state.list}" }, state: { use: [list] } }
output: { list: "\${after.output}", failed: "\${both.failed}" }
`,
      { http: http.act },
    );
    await run.clock.advance(0);
    for (const name of ['b', 'a']) await http.answer(name);
    await http.fail('fails');
    expect(await run.done).toMatchObject({ output: { list: ['a', 'b'], failed: true } });
    expect(outline(run)).toContain('state.set both');
  });

  test('fails the step when what it set does not fit in order', async () => {
    const http = new HandHttp();
    const add = (name: string, by: number): string =>
      `{ name: ${name}, operation: http, config: { url: "http://x/${name}" }, state: { set: { level: ${by} } } }`;
    const run = startRun(
      `
ensemble: e
state: { schema: { level: { type: number, maximum: 10, reducer: add, default: 8 } } }
agents: [{ name: both, parallel: [${add('up', 5)}, ${add('down', -5)}] }]
`,
      { http: http.act },
    );
    await run.clock.advance(0);
    for (const name of ['down', 'up']) await http.answer(name);
    expect(await run.done).toMatchObject({ status: 'failed', agent: 'both', failure: { code: 'STATE_TYPE' } });
  });

  test('hides the value of a secret key', async () => {
    const http = new HandHttp();
    const set = (name: string): string =>
      `{ name: ${name}, operation: http, config: { url: "http://x/${name}" }, state: { set: { token: "${name}-secret" } } }`;
    const run = startRun(
      `\nensemble: e\nstate: { schema: { token: { type: string, secret: true } } }\nagents: [{ name: both, parallel: [${set('a')}, ${set('b')}] }]\noutput: done\n`,
      { http: http.act },
    );
    await run.clock.advance(0);
    for (const name of ['b', 'a']) await http.answer(name);
    expect(await run.done).toMatchObject({ status: 'succeeded' });
    expect(eventsOf(run, 'state.set').at(-1)).toMatchObject({ agent: 'both', values: { token: '[secret token]' } });
    expect(JSON.stringify(run.events)).not.toContain('b-secret');
  });
});
