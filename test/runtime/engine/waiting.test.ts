import { describe, expect, test } from 'vitest';
import { OpenQuestions } from '../../../src/runtime/open-questions.ts';
import { startRun } from './support/test-run.ts';

/** Lets everything that waits for nothing go on. */
const settle = async () => {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
};

const ASK = `
ensemble: ask
agents:
  - name: ask
    operation: approval
    config: { prompt: "Pay with \${env.CARD_KEY}?", data: "\${input}", timeout: 1m }
    onError: continue
  - { name: note, operation: transform, config: { value: "\${ask.output.approved ?? ask.failure.code}" } }
output: \${note.output}
`;

describe('a run in which an agent waits for a person', () => {
  test('has written what it asks, without secrets, before it waits', async () => {
    const answers = new OpenQuestions();
    const run = startRun(ASK, { answers, env: { CARD_KEY: '4000-1234' }, secrets: ['CARD_KEY'], input: { card: '4000-1234', sum: 3 } });
    await settle();
    expect(run.events.at(-1)).toMatchObject({
      type: 'run.waiting',
      agent: 'ask',
      prompt: 'Pay with [secret CARD_KEY]?',
      data: { card: '[secret CARD_KEY]', sum: 3 },
      until: run.clock.now() + 60_000,
    });
    answers.answer('ask', { approved: true });
    expect(await run.done).toMatchObject({ status: 'succeeded', output: true });
  });

  test('goes on with the failure when nobody answers in time', async () => {
    const run = startRun(ASK, { answers: new OpenQuestions(), env: { CARD_KEY: 'x' } });
    await settle();
    run.clock.advance(60_000);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: 'APPROVAL_TIMEOUT' });
  });

  test('ends when it is cancelled, and the question is gone', async () => {
    const answers = new OpenQuestions();
    const run = startRun(ASK, { answers, env: { CARD_KEY: 'x' } });
    await settle();
    run.cancel();
    expect(await run.done).toMatchObject({ status: 'cancelled' });
    expect(answers.answer('ask', { approved: true })).toEqual({ type: 'unknown' });
  });

  test('asks once for each item of a loop, by its path', async () => {
    const answers = new OpenQuestions();
    const run = startRun(
      `
ensemble: each
agents:
  - { name: ask, operation: hitl, loop: { items: [a, b], concurrency: 2 }, config: { prompt: "\${item}?" } }
output: \${ask.outputs.map(answer => answer.approved)}
`,
      { answers },
    );
    await settle();
    expect(answers.answer('ask[1]', { approved: true })).toEqual({ type: 'taken' });
    expect(answers.answer('ask[0]', { approved: false })).toEqual({ type: 'taken' });
    expect(await run.done).toMatchObject({ status: 'succeeded', output: [false, true] });
  });
});

describe('a run in which an agent waits for a time', () => {
  const pause = 'ensemble: e\nagents:\n  - { name: pause, operation: wait, config: { for: 10m } }\noutput: ${pause.output}\n';

  test('goes on when it has come', async () => {
    const run = startRun(pause);
    await settle();
    expect(run.events.at(-1)).toMatchObject({ type: 'run.waiting', agent: 'pause', reason: 'time', until: run.clock.now() + 600_000 });
    run.clock.advance(600_000);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: { waited_ms: 600_000 } });
  });

  test('ends with the limit of its duration', async () => {
    const run = startRun(`limits: { max_duration: 1s }\n${pause}`);
    await settle();
    run.clock.advance(1_000);
    expect(await run.done).toMatchObject({ status: 'failed', failure: { code: 'LIMIT_DURATION' } });
  });
});
