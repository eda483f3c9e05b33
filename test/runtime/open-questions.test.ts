import { describe, expect, test } from 'vitest';
import { OpenQuestions } from '../../src/runtime/open-questions.ts';

const forever = () => new AbortController().signal;

describe('OpenQuestions', () => {
  test('hands an answer to the agent that asks, once', async () => {
    const questions = new OpenQuestions();
    const [first, second] = [questions.ask({ agent: 'a' }, forever()), questions.ask({ agent: 'b[1]' }, forever())];
    expect(questions.answer('b[1]', { approved: false, feedback: 'no' })).toEqual({ type: 'taken' });
    expect(questions.answer('b[1]', { approved: true })).toEqual({ type: 'unknown' });
    expect(questions.answer('b', { approved: true })).toEqual({ type: 'unknown' });
    expect(questions.answer('a', { approved: true })).toEqual({ type: 'taken' });
    expect([await first, await second]).toEqual([{ approved: true }, { approved: false, feedback: 'no' }]);
  });

  test('only an approver may answer, and the question stays open for one', async () => {
    const questions = new OpenQuestions();
    const asked = questions.ask({ agent: 'a', approvers: ['ann', 'bob'] }, forever());
    const refused = { type: 'refused', approvers: ['ann', 'bob'] };
    expect(questions.answer('a', { approved: true })).toEqual(refused);
    expect(questions.answer('a', { approved: true, approver: 'Ann' })).toEqual(refused);
    expect(questions.answer('a', { approved: true, approver: 'bob' })).toEqual({ type: 'taken' });
    expect(await asked).toEqual({ approved: true, approver: 'bob' });
  });

  test('a question that is given up takes no answer any more', async () => {
    const questions = new OpenQuestions();
    const controller = new AbortController();
    const asked = questions.ask({ agent: 'a' }, controller.signal);
    controller.abort(new Error('over'));
    await expect(asked).rejects.toThrow('over');
    expect(questions.answer('a', { approved: true })).toEqual({ type: 'unknown' });
    await expect(questions.ask({ agent: 'a' }, controller.signal)).rejects.toThrow('over');
  });
});
