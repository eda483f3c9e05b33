import { describe, expect, test } from 'vitest';
import { AtWork } from '../../../src/cli/run/at-work.ts';
import type { EventBody } from '../../../src/program/run-event.ts';
import { agentFailed, agentFinished, agentStarted, FAILURE, numberEvents } from '../support/events.ts';

const asks = (agent: string): EventBody => ({ type: 'run.waiting', agent, reason: 'approval' });
const onlyWaits = (...bodies: readonly EventBody[]) => {
  const atWork = new AtWork();
  for (const event of numberEvents(bodies)) atWork.follow(event);
  return atWork.onlyWaits;
};

describe('a run only waits', () => {
  test.each<[string, boolean, readonly EventBody[]]>([
    ['when all its agents do', true, [agentStarted('a'), asks('a'), agentStarted('b'), asks('b')]],
    [
      'when the others have ended',
      true,
      [agentStarted('a'), asks('a'), agentStarted('b'), agentStarted('c'), agentFinished('b'), agentFailed('c')],
    ],
    [
      'when the agents do that are in the files of others',
      true,
      [agentStarted('outer[3]'), agentStarted('outer[3]/ask'), asks('outer[3]/ask')],
    ],
    ['not while another agent is at work', false, [agentStarted('a'), asks('a'), agentStarted('b')]],
    ['not while one whose name only begins so is', false, [agentStarted('a'), agentStarted('ab'), asks('ab')]],
    [
      'not between two agents of a file',
      false,
      [agentStarted('o'), agentStarted('ask'), asks('ask'), agentStarted('o/a'), agentFinished('o/a')],
    ],
    ['not once it was answered', false, [agentStarted('a'), asks('a'), { type: 'run.answered', agent: 'a', approved: true }]],
    ['not once its signal came', false, [agentStarted('a'), asks('a'), { type: 'run.signalled', name: 'x', agent: 'a' }]],
    [
      'not while it tries again',
      false,
      [agentStarted('a'), asks('a'), { type: 'attempt.failed', agent: 'a', attempt: 1, failure: FAILURE }],
    ],
    ['not when nothing waits', false, []],
  ])('%s', (_name, waits, bodies) => {
    expect(onlyWaits(...bodies)).toBe(waits);
  });
});
