import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/program/json.ts';
import { OpenQuestions } from '../../../src/runtime/open-questions.ts';
import { approval } from '../../../src/runtime/operations/approval.ts';
import { wait } from '../../../src/runtime/operations/wait.ts';
import { failureOf, manualClock, START, testContext } from './operation-context.ts';

/** Lets everything that does not wait for the clock go on. */
const settle = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

describe('wait', () => {
  test.each<[JsonObject, number]>([
    [{ for: '10m' }, 600_000],
    [{ for: 250 }, 250],
    [{ until: '2026-10-21T07:28:05Z' }, 5_000],
    [{ until: '2026-10-21 07:28:05' }, 5_000],
    [{ until: '2026-10-21T09:28:05+02:00' }, 5_000],
    [{ until: START + 7 }, 7],
    [{ until: String(START + 7) }, 7],
    [{ until: '2026-10-22' }, Date.UTC(2026, 9, 22) - START],
  ])('%j goes on when the time has come', async (config, ms) => {
    const clock = manualClock();
    const context = testContext({ clock });
    let done: unknown;
    const waiting = Promise.resolve(wait.run(config, context)).then(({ output }) => {
      done = output;
    });
    await settle();
    expect(context.waited).toEqual([{ reason: 'time', until: START + ms }]);
    clock.advance(ms - 1);
    await settle();
    expect(done).toBe(undefined);
    clock.advance(1);
    await waiting;
    expect(done).toEqual({ waited_ms: ms });
  });

  test.each<JsonObject>([{ until: '2020-01-01' }, { until: START }, { for: 0 }])(
    '%j goes on at once and tells of no wait',
    async (config) => {
      const context = testContext();
      expect(await wait.run(config, context)).toEqual({ output: { waited_ms: 0 } });
      expect(context.waited).toEqual([]);
    },
  );

  test.each<[JsonObject, string]>([
    [{}, 'wait needs "for", a duration such as 10m, or "until", a time'],
    [{ for: '1s', until: '2026-11-02' }, 'wait takes "for" or "until", not both'],
    [{ for: 'soon' }, 'wait needs "for" to be a duration such as 30s, or a number of milliseconds, found the text "soon"'],
    [
      { until: 'tomorrow' },
      'wait needs "until" to be a time such as 2026-11-02T08:00:00Z, or epoch milliseconds, found the text "tomorrow"',
    ],
    [{ until: '2026-13-40' }, 'found the text "2026-13-40"'],
    [{ until: 1_793_606_400 }, 'found the number 1793606400'],
    [{ until: true }, 'found true'],
    [{ until: 9e15 }, 'found the number 9000000000000000'],
    [{ for: '900000000d' }, 'found the text "900000000d"'],
  ])('%j is refused', async (config, message) => {
    const { code, message: found } = await failureOf(wait, config);
    expect(code).toBe('CONFIG_INVALID');
    expect(found).toContain(message);
  });

  test('a wait that is cancelled ends with the reason', async () => {
    const controller = new AbortController();
    const waiting = wait.run({ for: '1h' }, testContext({ signal: controller.signal }));
    await settle();
    controller.abort(new Error('over'));
    await expect(waiting).rejects.toThrow('over');
  });
});

describe('approval', () => {
  const ask = (config: JsonObject, clock = manualClock()) => {
    const answers = new OpenQuestions();
    const context = testContext({ answers, clock });
    return { answers, context, clock, result: Promise.resolve(approval.run(config, context)) };
  };

  test('waits for an answer, and tells what it asks', async () => {
    const { answers, context, result } = ask({ prompt: 'Refund?', data: { amount: 40 }, approvers: 'ann', timeout: '1h' });
    await settle();
    expect(context.waited).toEqual([
      { reason: 'approval', until: START + 3_600_000, prompt: 'Refund?', data: { amount: 40 }, approvers: ['ann'] },
    ]);
    expect(answers.answer('step', { approved: true, approver: 'bob' })).toMatchObject({ type: 'refused' });
    answers.answer('step', { approved: true, feedback: 'fine', approver: 'ann' });
    expect(await result).toEqual({ output: { approved: true, feedback: 'fine', approver: 'ann' } });
  });

  test('a rejection is an answer, no failure', async () => {
    const { answers, context, result } = ask({});
    await settle();
    expect(context.waited).toEqual([{ reason: 'approval' }]);
    answers.answer('step', { approved: false });
    expect(await result).toEqual({ output: { approved: false, feedback: null, approver: null } });
  });

  test('an answer that comes while the question is being written is not lost', async () => {
    const answers = new OpenQuestions();
    const context = testContext({ answers });
    const quick = { ...context, waits: async () => void answers.answer('step', { approved: true }) };
    expect(await approval.run({}, quick)).toMatchObject({ output: { approved: true } });
  });

  test('fails when nobody answers in time, and takes no answer afterwards', async () => {
    const { answers, clock, result } = ask({ timeout: '30s' });
    const failed = expect(result).rejects.toMatchObject({ failure: { code: 'APPROVAL_TIMEOUT', retryable: false } });
    await settle();
    clock.advance(30_000);
    await failed;
    expect(answers.answer('step', { approved: true })).toEqual({ type: 'unknown' });
  });

  test.each<[JsonObject, string]>([
    [{ approvers: [] }, 'approval needs at least one of "approvers"'],
    [{ approvers: [1] }, 'approval needs "approvers" to be a text or a list of texts'],
    [{ timeout: 'never' }, 'approval needs "timeout" to be a duration'],
    [{ promt: 'x' }, 'did you mean "prompt"?'],
  ])('%j is refused', async (config, message) => {
    expect(await failureOf(approval, config, testContext({ answers: new OpenQuestions() }))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(message),
    });
  });

  test('a host without people says so', async () => {
    expect(await failureOf(approval, {})).toMatchObject({ code: 'UNSUPPORTED' });
  });
});
