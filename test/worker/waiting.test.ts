import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnswerOutcome, ApprovalAnswer } from '../../src/program/approval.ts';
import { HOST_ROUTES } from '../../src/program/host-protocol.ts';
import { readUntil } from './support/read-until.ts';
import { openRunHost, parseLines, type RunHost } from './support/run-host.ts';

let host: RunHost;
beforeAll(async () => {
  host = await openRunHost();
});
afterAll(() => host.close());

async function answer(run: string, agent: string, given: ApprovalAnswer): Promise<AnswerOutcome> {
  const body = JSON.stringify({ run, agent, answer: given });
  return (await (await host.request(`${HOST_ROUTES.call}answer`, { method: 'POST', body })).json()) as AnswerOutcome;
}

const ASKING = `
ensemble: asking
agents:
  - { name: ask, operation: approval, config: { prompt: "Pay \${input.to}?", data: "\${input}", approvers: [ann] } }
output: \${ask.output}
`;

describe('a run that waits', () => {
  test('tells what it asks, takes one answer by someone who may give it, and goes on', async () => {
    const stream = await readUntil(await host.send(ASKING, { run: 'asking', input: { to: 'eve' } }), '"type":"run.waiting"');
    expect(parseLines(stream.seen).at(-1)).toMatchObject({
      type: 'run.waiting',
      agent: 'ask',
      reason: 'approval',
      prompt: 'Pay eve?',
      data: { to: 'eve' },
      approvers: ['ann'],
    });
    expect(await answer('asking', 'other', { approved: true })).toEqual({ type: 'unknown' });
    expect(await answer('no-such-run', 'ask', { approved: true })).toEqual({ type: 'unknown' });
    expect(await answer('asking', 'ask', { approved: true, approver: 'eve' })).toEqual({ type: 'refused', approvers: ['ann'] });
    expect(await answer('asking', 'ask', { approved: false, feedback: 'no', approver: 'ann' })).toEqual({ type: 'taken' });
    expect((await stream.rest()).at(-1)).toMatchObject({
      type: 'run.finished',
      status: 'succeeded',
      output: { approved: false, feedback: 'no', approver: 'ann' },
    });
    expect(await answer('asking', 'ask', { approved: true, approver: 'ann' })).toEqual({ type: 'unknown' });
  });

  test('takes no answer from who does not know the token of the host', async () => {
    const body = JSON.stringify({ run: 'asking', agent: 'ask', answer: { approved: true } });
    expect((await host.request(`${HOST_ROUTES.call}answer`, { method: 'POST', body, token: null })).status).toBe(404);
  });

  test('can be cancelled while it waits for a person or for a time', async () => {
    const both = `
ensemble: both
agents:
  - type: parallel
    steps:
      - { name: ask, operation: hitl }
      - { name: pause, operation: wait, config: { for: 1h } }
`;
    const stream = await readUntil(await host.send(both, { run: 'both' }), '"agent":"pause","reason":"time"');
    await host.cancel('both', 'enough');
    expect((await stream.rest()).at(-1)).toMatchObject({ type: 'run.finished', status: 'cancelled' });
  });

  test('waits as long as it says, each time that a loop comes by', async () => {
    const events = await host.run(`
ensemble: pauses
agents:
  - { name: pause, operation: wait, loop: { items: [5, 1] }, config: { for: "\${item}" } }
output: \${pause.outputs}
`);
    expect(events.flatMap((event) => (event.type === 'run.waiting' ? [event.agent] : []))).toEqual(['pause[0]', 'pause[1]']);
    const last = events.at(-1);
    const waited = last?.type === 'run.finished' ? (last.output as readonly { waited_ms: number }[]) : [];
    expect(waited.map(({ waited_ms }, index) => waited_ms >= ([5, 1][index] ?? 0))).toEqual([true, true]);
  });
});
