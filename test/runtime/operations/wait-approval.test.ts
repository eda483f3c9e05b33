import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/program/json.ts';
import { OpenQuestions } from '../../../src/runtime/open-questions.ts';
import { OpenSignals } from '../../../src/runtime/open-signals.ts';
import { approval } from '../../../src/runtime/operations/approval.ts';
import type { OperationContext } from '../../../src/runtime/operations/operation.ts';
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
    expect(context.told).toEqual([{ reason: 'time', until: START + ms }]);
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
      expect(context.told).toEqual([]);
    },
  );

  test('what was not waited for took no time, although the clock goes on while it is found out', async () => {
    const clock = manualClock();
    let looks = 0;
    const context = testContext({ clock: { ...clock, now: () => clock.now() + looks++ } });
    expect(await wait.run({ until: '2020-01-01' }, context)).toEqual({ output: { waited_ms: 0 } });
  });

  test.each<[JsonObject, string]>([
    [{}, 'wait needs "for", a duration such as 10m, "until", a time, or "for_signal", a name'],
    [{ for: '1s', until: '2026-11-02' }, 'wait takes one of "for", "until" and "for_signal", found for and until'],
    [{ for: '1s', for_signal: 'paid' }, 'found for and for_signal'],
    [{ for: '1s', timeout: '2s' }, 'wait takes "timeout" only with "for_signal"'],
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

describe('a wait for a signal', () => {
  const start = (config: JsonObject, { clock = manualClock(), waited = undefined as OperationContext['waited'] } = {}) => {
    const signals = new OpenSignals();
    const context = testContext({ signals, clock, waited });
    return { signals, context, clock, result: Promise.resolve(wait.run(config, context)) };
  };

  test('goes on with the data of the signal', async () => {
    const { signals, context, clock, result } = start({ for_signal: 'paid', timeout: '1h' });
    await settle();
    expect(context.told).toEqual([{ reason: 'signal', signal: 'paid', until: START + 3_600_000 }]);
    clock.advance(250);
    signals.give('shipped', 1);
    signals.give('paid', { cents: 4000 });
    expect(await result).toEqual({ output: { waited_ms: 250, data: { cents: 4000 } } });
  });

  test('has null where the signal says nothing', async () => {
    const { signals, result } = start({ for_signal: 'paid' });
    signals.give('paid', undefined);
    expect(await result).toEqual({ output: { waited_ms: 0, data: null } });
  });

  test('takes one that came before, and tells of the wait all the same', async () => {
    const signals = new OpenSignals();
    signals.give('paid', 1);
    const context = testContext({ signals });
    expect(await wait.run({ for_signal: 'paid' }, context)).toEqual({ output: { waited_ms: 0, data: 1 } });
    expect(context.told).toEqual([{ reason: 'signal', signal: 'paid' }]);
  });

  test('fails when none comes in time, and takes none afterwards', async () => {
    const { signals, clock, result } = start({ for_signal: 'paid', timeout: '30s' });
    const failed = expect(result).rejects.toMatchObject({ failure: { code: 'SIGNAL_TIMEOUT', retryable: false } });
    await settle();
    clock.advance(30_000);
    await failed;
    expect(signals.taker('paid')).toBe(undefined);
  });

  test('goes on after a crash with what is left of its time', async () => {
    const waited = {
      seq: 3,
      at: START - 20_000,
      run: 'r',
      type: 'run.waiting',
      agent: 'step',
      reason: 'signal',
      signal: 'paid',
      until: START + 10_000,
    } as const;
    const late = start({ for_signal: 'paid', timeout: '30s' }, { waited });
    const failed = expect(late.result).rejects.toMatchObject({ failure: { code: 'SIGNAL_TIMEOUT' } });
    await settle();
    late.clock.advance(10_000);
    await failed;
    expect(late.context.told).toEqual([]);
    const inTime = start({ for_signal: 'paid', timeout: '30s' }, { waited });
    inTime.signals.give('paid', 1);
    expect(await inTime.result).toEqual({ output: { waited_ms: 20_000, data: 1 } });
  });

  test.each<[JsonObject, string]>([
    [{ for_signal: '' }, 'wait needs "for_signal" to be a text such as payment-received'],
    [{ for_signal: { a: 1 } }, 'wait needs "for_signal" to be a text'],
    [{ for_signal: 'a', timeout: 'soon' }, 'wait needs "timeout" to be a duration'],
  ])('%j is refused', async (config, message) => {
    expect(await failureOf(wait, config, testContext({ signals: new OpenSignals() }))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(message),
    });
  });

  test('a host without signals says so', async () => {
    expect(await failureOf(wait, { for_signal: 'paid' })).toMatchObject({ code: 'UNSUPPORTED' });
  });
});

describe('a wait for a time that a crash cut short', () => {
  const waited = {
    seq: 3,
    at: START - 20_000,
    run: 'r',
    type: 'run.waiting',
    agent: 'step',
    reason: 'time',
    until: START + 10_000,
  } as const;

  test('lasts until the time that was written down', async () => {
    const clock = manualClock();
    const context = testContext({ clock, waited });
    const result = Promise.resolve(wait.run({ for: '30s' }, context));
    await settle();
    clock.advance(10_000);
    expect(await result).toEqual({ output: { waited_ms: 30_000 } });
    expect(context.told).toEqual([]);
  });

  test('goes on at once when that is over', async () => {
    const clock = manualClock();
    clock.advance(60_000);
    const result = Promise.resolve(wait.run({ for: '30s' }, testContext({ clock, waited })));
    await settle();
    clock.advance(0);
    expect(await result).toEqual({ output: { waited_ms: 80_000 } });
  });
});

describe('approval', () => {
  const ask = (config: JsonObject, clock = manualClock(), waited?: OperationContext['waited']) => {
    const answers = new OpenQuestions();
    const context = testContext({ answers, clock, waited });
    return { answers, context, clock, result: Promise.resolve(approval.run(config, context)) };
  };

  test('waits for an answer, and tells what it asks', async () => {
    const { answers, context, result } = ask({ prompt: 'Refund?', data: { amount: 40 }, approvers: 'ann', timeout: '1h' });
    await settle();
    expect(context.told).toEqual([
      { reason: 'approval', until: START + 3_600_000, prompt: 'Refund?', data: { amount: 40 }, approvers: ['ann'] },
    ]);
    expect(answers.answer('step', { approved: true, approver: 'bob' })).toMatchObject({ type: 'refused' });
    answers.answer('step', { approved: true, feedback: 'fine', approver: 'ann' });
    expect(await result).toEqual({ output: { approved: true, feedback: 'fine', approver: 'ann' } });
  });

  test('a rejection is an answer, no failure', async () => {
    const { answers, context, result } = ask({});
    await settle();
    expect(context.told).toEqual([{ reason: 'approval' }]);
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

  test('hands on the data of the answer', async () => {
    const { answers, result } = ask({});
    await settle();
    answers.answer('step', { approved: true, data: { limit: 40 } });
    expect(await result).toEqual({ output: { approved: true, feedback: null, approver: null, data: { limit: 40 } } });
  });

  test.each([
    ['approve', true],
    ['reject', false],
  ])('with on_timeout: %s nobody answering is an answer', async (on_timeout, approved) => {
    const { answers, clock, result } = ask({ timeout: '30s', on_timeout });
    await settle();
    clock.advance(30_000);
    expect(await result).toEqual({ output: { approved, feedback: null, approver: null, timed_out: true } });
    expect(answers.answer('step', { approved: true })).toEqual({ type: 'unknown' });
  });

  test('on_timeout keeps no run from being cancelled', async () => {
    const controller = new AbortController();
    const context = testContext({ answers: new OpenQuestions(), signal: controller.signal });
    const result = Promise.resolve(approval.run({ timeout: '30s', on_timeout: 'approve' }, context));
    await settle();
    controller.abort(new Error('over'));
    await expect(result).rejects.toThrow('over');
  });

  test('goes on after a crash with what is left of its time, and does not ask anew', async () => {
    const waited = {
      seq: 3,
      at: START - 20_000,
      run: 'r',
      type: 'run.waiting',
      agent: 'step',
      reason: 'approval',
      until: START + 10_000,
    } as const;
    const { clock, context, result } = ask({ timeout: '30s', on_timeout: 'reject' }, manualClock(), waited);
    await settle();
    clock.advance(10_000);
    expect(await result).toMatchObject({ output: { approved: false, timed_out: true } });
    expect(context.told).toEqual([]);
  });

  test.each<[JsonObject, string]>([
    [{ timeout: '1s', on_timeout: 'aprove' }, 'did you mean approve?'],
    [{ on_timeout: 'approve' }, 'approval takes "on_timeout" only with "timeout"'],
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
