import { describe, expect, test } from 'vitest';
import type { EventBody } from '../../../src/program/run-event.ts';
import { hostWith, RUN, start, useProject } from '../control/support.ts';
import { agentFailed, agentFinished, agentStarted, finished, STARTED } from '../support/events.ts';
import { createFakeHost } from '../support/fake-host.ts';

const project = useProject();
const asks = (agent: string, prompt = 'Refund?'): EventBody => ({ type: 'run.waiting', agent, reason: 'approval', prompt });
const one = [STARTED, agentStarted('ask'), asks('ask')];
const several = [
  ...one,
  agentStarted('outer[3]/each[0]'),
  asks('outer[3]/each[0]', 'First?'),
  agentStarted('outer[3]/each[1]'),
  asks('outer[3]/each[1]', 'Second?\u001b'),
];

describe.each([
  ['approve', true],
  ['reject', false],
])('ensemble %s', (command, approved) => {
  test('answers the only question', async () => {
    const host = hostWith(one);
    const { code, io } = start([command, RUN], host, project.root());
    expect(await code).toBe(0);
    expect(host.answers).toEqual([{ agent: 'ask', answer: { approved, approver: 'ann' } }]);
    expect(io.stderr.text).toBe(`· ${approved ? 'approved' : 'rejected'} ask; ensemble attach ${RUN} follows the run\n`);
  });

  test('--json prints what was done, and says nothing else', async () => {
    const { code, io } = start([command, RUN, '--json'], hostWith(one), project.root());
    expect([await code, JSON.parse(io.stdout.text), io.stderr.text]).toEqual([0, { run: RUN, agent: 'ask', approved }, '']);
  });

  test('hands on feedback, data and who answers', async () => {
    const host = hostWith(one);
    const args = [command, RUN, 'ask', '--feedback', 'because', '--data', '{"limit":40}', '--approver', 'bob'];
    expect(await start(args, host, project.root()).code).toBe(0);
    expect(host.answers).toEqual([{ agent: 'ask', answer: { approved, feedback: 'because', approver: 'bob', data: { limit: 40 } } }]);
  });

  test('asks which one is meant when there are several', async () => {
    const host = hostWith(several);
    const { code, io } = start([command, RUN], host, project.root());
    expect(await code).toBe(2);
    expect(io.stderr.text).toContain(
      'several approvals are waited for; name one of them:\n  ask               Refund?\n  outer[3]/each[0]  First?',
    );
    expect(io.stderr.text).not.toContain('\u001b');
    expect(host.answers).toEqual([]);
  });
});

describe('the agent of an answer', () => {
  test.each([
    ['outer[3]/each[1]', 'outer[3]/each[1]'],
    ['ask', 'ask'],
  ])('%s is named by its path', async (agent, path) => {
    const host = hostWith(several);
    expect(await start(['approve', RUN, agent], host, project.root()).code).toBe(0);
    expect(host.answers.map((given) => given.agent)).toEqual([path]);
  });

  test.each(['each', 'outer/each'])('%s, which two have, is not enough', async (agent) => {
    const { code, io } = start(['approve', RUN, agent], hostWith(several), project.root());
    expect(await code).toBe(2);
    expect(io.stderr.text).toContain('First?');
    expect(io.stderr.text).not.toContain('Refund?');
  });

  test('that nobody has is told with those that ask', async () => {
    const { code, io } = start(['approve', RUN, 'aks'], hostWith(several), project.root());
    expect(await code).toBe(1);
    expect(io.stderr.text).toContain('no agent aks waits for an approval; these do:\n  ask');
  });
});

describe('an answer that cannot be taken', () => {
  test.each<[string, readonly EventBody[]]>([
    ['nothing was asked', [STARTED]],
    ['it was answered', [...one, { type: 'run.answered', agent: 'ask', approved: true }]],
    ['its agent ended', [...one, agentFinished('ask')]],
    ['its time was over', [...one, agentFailed('ask', { handled: true })]],
    ['it is a wait for a time', [STARTED, { type: 'run.waiting', agent: 'pause', reason: 'time', until: 5 }]],
  ])('because %s, is refused', async (_name, past) => {
    const host = hostWith(past);
    const { code, io } = start(['approve', RUN], host, project.root());
    expect(await code).toBe(1);
    expect(io.stderr.text).toContain(`no agent of the run ${RUN} waits for an approval; the run is `);
    expect(host.answers).toEqual([]);
  });

  test('because the run is over, says so', async () => {
    const { io, code } = start(['approve', RUN], hostWith([...one, agentFailed('ask'), finished({ status: 'failed' })]), project.root());
    expect(await code).toBe(1);
    expect(io.stderr.text).toContain('the run is over (failed)');
  });

  test('because somebody was quicker, or it is not for this person to give, says so', async () => {
    const host = hostWith(one);
    host.outcome = { type: 'unknown' };
    const late = start(['approve', RUN], host, project.root());
    expect(await late.code).toBe(1);
    expect(late.io.stderr.text).toContain('ask does not wait for an answer any more');
    host.outcome = { type: 'refused', approvers: ['bob', 'eve'] };
    const wrong = start(['approve', RUN], host, project.root());
    expect(await wrong.code).toBe(1);
    expect(wrong.io.stderr.text).toContain('ann may not answer ask, only bob, eve (--approver says who you are)');
  });

  test('because there is no such run, or its data is no JSON, is a bad command line', async () => {
    expect(await start(['approve', RUN], createFakeHost([]), project.root()).code).toBe(2);
    expect(await start(['approve', RUN, '--data', '{'], hostWith(one), project.root()).code).toBe(2);
  });
});
