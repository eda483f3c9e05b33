import { describe, expect, test } from 'vitest';
import type { OperationResult } from '../../../src/runtime/operations/operation.ts';
import { atLimit } from '../../support/at-limit.ts';
import { settle } from './support/fake-clock.ts';
import { HandHttp } from './support/hand-http.ts';
import { eventsOf, outline, runToEnd, startRun } from './support/test-run.ts';

const MIB = 1024 * 1024;
const CALL = '{ name: call, operation: http, config: { url: "http://x/" } }';
const NOTHING = '{ name: small, operation: transform, config: { value: 1 } }';
const foreach = (more: string, steps = CALL): string =>
  `  - { name: all, type: foreach, items: "\${input.items}", ${more}steps: [${steps}] }`;
const ensemble = (steps: string): string => `ensemble: e\nagents:\n${steps}\noutput: done\n`;

/** Gives texts of these lengths, the last one again and again, and counts. */
function openTexts(...lengths: readonly number[]) {
  const texts = lengths.map((length) => 'x'.repeat(length));
  const calls = { count: 0 };
  const http = (): OperationResult => {
    const output = texts[Math.min(calls.count, texts.length - 1)] ?? '';
    calls.count += 1;
    return { output };
  };
  return { http, calls };
}

const items = (count: number): { readonly items: readonly number[] } => ({ items: Array.from({ length: count }, (_, index) => index) });

describe('a list that can no longer be small enough', () => {
  // Eight texts of 1 MiB are more than 8 MiB with their quotes.
  test.each([
    ['a loop', `  - { name: all, operation: http, config: { url: "http://x/" }, loop: { items: "\${input.items}" } }`, 8],
    ['foreach', foreach(''), 8],
    ['foreach, three at once', foreach('concurrency: 3, '), 10],
    ['foreach that may end', foreach('breakWhen: "${index > 30}", '), 8],
    ['foreach that may end, three at once', foreach('concurrency: 3, breakWhen: "${index > 30}", '), 10],
    ['map-reduce without reduce', `  - { name: all, type: map-reduce, items: "\${input.items}", map: [${CALL}] }`, 8],
    ['while', `  - { name: all, type: while, condition: "\${index < 40}", steps: [${CALL}] }`, 8],
    [
      'parallel',
      `  - { name: all, type: parallel, steps: [${Array.from({ length: 9 }, (_, n) => CALL.replace('call', `call${n}`)).join(', ')}] }`,
      9,
    ],
  ])('ends %s, in its first life and in every later one', async (_, steps, most) => {
    const source = ensemble(steps);
    const { http, calls } = openTexts(MIB);
    const options = { http, input: items(40) };
    const first = await runToEnd(source, options);
    const end = {
      status: 'failed',
      agent: 'all',
      failure: { code: 'OUTPUT_TOO_LARGE', message: 'The output is larger than 8 MiB as JSON.' },
    };
    expect(first.finished).toMatchObject(end);
    expect(calls.count).toBeLessThanOrEqual(most);
    for (let length = 1; length < first.events.length; length += 1) {
      calls.count = 0;
      const recorded = first.events.slice(0, length);
      const again = await runToEnd(source, { ...options, recorded });
      expect(again.finished, `resumed after ${length} events`).toMatchObject(end);
      expect(calls.count + eventsOf({ events: recorded }, 'agent.finished').length).toBeLessThanOrEqual(most);
      expect(outline(again).filter((line) => line === 'step.failed')).toHaveLength(
        eventsOf({ events: recorded }, 'step.failed').length === 0 ? 1 : 0,
      );
    }
  });

  test('does not end it for items that are not in it, since one before them ends it', async () => {
    const http = new HandHttp();
    const run = startRun(ensemble(foreach('concurrency: 3, breakWhen: "${index == 0}", ', CALL.replace('x/', 'x/${index}'))), {
      http: http.act,
      input: items(3),
    });
    await settle();
    await http.answer('2', 'x'.repeat(8 * MIB - 2));
    await http.answer('1', 'x'.repeat(8 * MIB - 2));
    await http.answer('0', 'first');
    expect(await run.done).toMatchObject({ status: 'succeeded' });
    expect(eventsOf(run, 'step.finished')).toMatchObject([{ output: ['first'] }]);
  });

  test('is one that `reduce` reads when it is larger than a run may hold, of small outputs too', async () => {
    const { http } = openTexts(15 * 1024);
    const steps = (reduce: string) => `  - { name: all, type: map-reduce, items: "\${input.items}", map: [${CALL}], reduce: [${reduce}] }`;
    const reduce = '{ name: join, operation: transform, config: { value: "${mapResults.length}" } }';
    const { finished } = await runToEnd(ensemble(steps(reduce)), { http, input: items(4_500) });
    expect(finished.failure).toMatchObject({ code: 'OUTPUT_TOO_LARGE', message: 'What `map` gave is larger than 64 MiB as JSON.' });
    expect((await runToEnd(ensemble(steps(reduce)), { http, input: items(4_000) })).finished.status).toBe('succeeded');
  });
});

describe('what a run holds at a time', () => {
  const sequence = ensemble(Array.from({ length: 9 }, (_, n) => `  - ${CALL.replace('call', `call${n}`)}`).join('\n'));
  // With its quotes each of the first ones has 8 and 4 MiB.
  const hold = (size: number) => openTexts(...Array<number>(7).fill(8 * MIB - 2), 4 * MIB - 2, size - 60 * MIB - 2);
  const TOO_LARGE = {
    status: 'failed',
    agent: 'call8',
    failure: {
      code: 'OUTPUT_TOO_LARGE',
      message: 'The output is too large beside what the run holds of other outputs: together they are larger than 64 MiB as JSON.',
    },
  };
  atLimit('src/runtime/engine/held-outputs.ts MAX_HELD_SIZE', {
    within: async (size) => expect((await runToEnd(sequence, { http: hold(size).http })).finished.status).toBe('succeeded'),
    beyond: async (size) => expect((await runToEnd(sequence, { http: hold(size).http })).finished).toMatchObject(TOO_LARGE),
  });

  test('counts what a resumed run has from its record', async () => {
    const { http } = hold(64 * MIB + 1);
    const first = await runToEnd(sequence, { http });
    const recorded = first.events.slice(
      0,
      first.events.findIndex((event) => event.type === 'attempt.failed'),
    );
    const last = openTexts(4 * MIB - 1);
    expect((await runToEnd(sequence, { http: last.http, recorded })).finished).toMatchObject(TOO_LARGE);
    expect(last.calls.count).toBe(1);
    // What is recorded as small enough, or as too large, stays so.
    for (const until of [first.events.length - 1, 5])
      expect(
        (await runToEnd(sequence, { http: openTexts(8 * MIB - 2).http, recorded: first.events.slice(0, until) })).finished,
      ).toMatchObject(TOO_LARGE);
  });

  test.each([
    ['what an iteration gave before its last step', foreach('', `${CALL}, ${NOTHING}`)],
    ['what iterations side by side gave, each for itself', foreach('concurrency: 3, ', `${CALL}, ${NOTHING}`)],
    [
      'the result before, of a name that has another',
      `  - { name: all, type: while, condition: "\${index < 20}", steps: [${CALL}, ${NOTHING}] }`,
    ],
    ['what is in a file that is over', foreach('', '{ name: file, agent: file }')],
    [
      'lists of loops that are over, as a list in them is',
      foreach('', `{ name: inner, type: foreach, items: [1], steps: [${CALL}] }, ${NOTHING}`),
    ],
  ])('does not count any more: %s', async (_, steps) => {
    const agentFiles = { file: `agent: file\noperations: [${CALL}, ${NOTHING}]\n` };
    const { http, calls } = openTexts(8 * MIB - 10);
    const { finished } = await runToEnd(ensemble(steps), { http, agentFiles, input: items(20) });
    expect(finished.status).toBe('succeeded');
    expect(calls.count).toBe(20);
  });

  test('counts lists and objects as texts, but nothing small', async () => {
    const list = Array.from({ length: 900 }, () => 'x'.repeat(9_000));
    const http = (): OperationResult => ({ output: { list } });
    expect((await runToEnd(sequence, { http })).finished).toMatchObject(TOO_LARGE);
    const small = `${sequence.replace('output: done\n', '')}  - { name: last, operation: transform, config: { value: [1] } }\n`;
    const texts = openTexts(...Array<number>(8).fill(8 * MIB - 2), 10);
    expect((await runToEnd(small, { http: texts.http })).finished.status).toBe('succeeded');
  });
});
