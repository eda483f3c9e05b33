import { describe, expect, test } from 'vitest';
import { HandHttp } from '../support/hand-http.ts';
import { eventsOf, outline, runToEnd, startRun } from '../support/test-run.ts';

const call = (name: string, more = ''): string => `  - { name: ${name}, operation: http, config: { url: "http://x/${name}" }${more} }\n`;
const behind = (name: string, ...earlier: string[]): string => call(name, `, depends_on: [${earlier.join(', ')}]`);
const ensemble = (agents: string, concurrency = 8, more = 'output: ${run.id}'): string =>
  `\nensemble: e\nconcurrency: ${concurrency}\nagents:\n${agents}${more}\n`;

async function startHttp(source: string) {
  const http = new HandHttp();
  const run = startRun(source, { http: http.act });
  await run.clock.advance(0);
  return { http, run };
}

describe('independent steps', () => {
  test('run side by side, each as soon as what it depends on is over', async () => {
    const { http, run } = await startHttp(ensemble(call('a') + call('b') + behind('c', 'a') + behind('d', 'a', 'b') + call('e')));
    expect(http.open).toEqual(['a', 'b', 'e']);
    await http.answer('a');
    expect(http.open).toEqual(['b', 'e', 'c']);
    await http.answer('c');
    await http.answer('e');
    await http.answer('b');
    expect(http.open).toEqual(['d']);
    await http.answer('d');
    expect(await run.done).toMatchObject({ status: 'succeeded', steps: 5 });
  });

  test('are at most `concurrency` at once and begin in the order in which they are listed', async () => {
    const { http } = await startHttp(ensemble(behind('a') + call('b') + behind('c', 'a') + call('d') + call('e'), 2));
    expect(http.open).toEqual(['a', 'b']);
    await http.answer('b');
    expect(http.open).toEqual(['a', 'd']);
    await http.answer('a');
    expect(http.open).toEqual(['d', 'c']);
    await http.answer('d');
    expect(http.open).toEqual(['c', 'e']);
  });

  test('go on where one that was waited for is skipped, or its failure is handled', async () => {
    const skipped = call('a', ', condition: false') + behind('b', 'a');
    const handled = call('c', ', onError: continue') + behind('d', 'c');
    const { http, run } = await startHttp(ensemble(skipped + handled));
    expect(http.open).toEqual(['c', 'b']);
    await http.fail('c');
    await http.answer('d');
    await http.answer('b');
    expect(await run.done).toMatchObject({ status: 'succeeded' });
  });

  test('give the value of the last in the list, whichever ended last', async () => {
    const { http, run } = await startHttp(ensemble(call('a') + call('b'), 8, ''));
    await http.answer('b', 'listed last');
    await http.answer('a', 'ended last');
    expect(await run.done).toMatchObject({ output: 'listed last' });
  });

  test('hold flow steps too, whose agents run beside the other steps', async () => {
    const both = `  - parallel: [{ name: a, operation: http, config: { url: "http://x/a" } }, { name: b, operation: http, config: { url: "http://x/b" } }]\n`;
    const { http, run } = await startHttp(
      ensemble(`${both}${call('c')}  - { name: d, operation: transform, config: { value: "\${[a.output, b.output]}" } }\n`, 8, ''),
    );
    expect(http.open).toEqual(['a', 'b', 'c']);
    for (const name of ['c', 'b', 'a']) await http.answer(name);
    expect(await run.done).toMatchObject({ output: ['a', 'b'] });
  });
});

describe('a failure that nothing handles', () => {
  test('cancels the steps behind it and lets those before it end, also such as have not begun', async () => {
    const { http, run } = await startHttp(ensemble(call('a') + behind('b', 'a') + call('c') + call('d') + behind('e', 'a')));
    await http.fail('c');
    expect(http.cancelled).toEqual(['d']);
    await http.answer('a');
    expect(http.open).toEqual(['b']);
    await http.answer('b');
    expect(await run.done).toMatchObject({ status: 'failed', agent: 'c', failure: { message: 'c failed' } });
    expect(eventsOf(run, 'agent.failed')).toMatchObject([
      { agent: 'c', handled: false },
      { agent: 'd', handled: true, failure: { code: 'CANCELLED', message: 'Cancelled, because a step before it failed.' } },
    ]);
    expect(http.seen).not.toContain('e');
  });

  test('is that of the first in the list, whichever failed first', async () => {
    const { http, run } = await startHttp(ensemble(call('a') + call('b') + call('c')));
    await http.fail('b');
    expect(http.open).toEqual(['a']);
    await http.fail('a');
    expect(await run.done).toMatchObject({ status: 'failed', agent: 'a' });
  });

  test('ends the run only when what began is over', async () => {
    const { http, run } = await startHttp(ensemble(call('a') + call('b')));
    await http.fail('b');
    expect(outline(run)).not.toContain('run.finished');
    await http.answer('a');
    expect(outline(run).slice(-3)).toEqual(['agent.failed b', 'agent.finished a', 'run.finished']);
  });
});

describe('the end of a run from outside', () => {
  test('cancels what is at work, and nothing begins any more', async () => {
    const { http, run } = await startHttp(ensemble(call('a') + call('b') + behind('c', 'a'), 2));
    run.cancel();
    await run.clock.advance(0);
    expect(http.cancelled).toEqual(['a', 'b']);
    expect(await run.done).toMatchObject({ status: 'cancelled' });
    expect(http.seen).toEqual(['a', 'b']);
  });

  test('by a limit ends the others too', async () => {
    const limits = 'limits: { max_steps: 2 }\n';
    const { http, run } = await startHttp(ensemble(call('a') + behind('b', 'a') + call('c') + call('d'), 2, limits));
    await http.answer('a');
    expect(http.cancelled).toEqual(['c']);
    expect(await run.done).toMatchObject({ status: 'failed', failure: { code: 'LIMIT_STEPS' } });
  });
});

test('an agent file and an ensemble that is run have a concurrency of their own', async () => {
  const sub = ensemble(call('a') + call('b'), 2);
  const http = new HandHttp();
  const run = startRun('\nensemble: outer\nagents: [{ name: s, ensemble: e }]\n', { http: http.act, ensembles: { e: sub } });
  await run.clock.advance(0);
  expect(http.open).toEqual(['a', 'b']);
  await http.answer('b');
  await http.answer('a');
  expect(await run.done).toMatchObject({ status: 'succeeded' });
});

test('thousands of independent steps all run', async () => {
  const agents = Array.from(
    { length: 2_000 },
    (_, index) => `  - { name: a${index}, operation: transform, config: { value: ${index} } }\n`,
  ).join('');
  const { finished } = await runToEnd(ensemble(agents, 50, ''));
  expect(finished).toMatchObject({ status: 'succeeded', output: 1_999, steps: 2_000 });
});
