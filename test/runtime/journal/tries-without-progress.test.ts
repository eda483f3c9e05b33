import { expect, test } from 'vitest';
import type { EventBody } from '../../../src/program/run-event.ts';
import { failure } from '../../../src/runtime/failure.ts';
import { triesWithoutProgress } from '../../../src/runtime/journal/tries-without-progress.ts';

const resumed: EventBody = { type: 'run.resumed', attempt: 2 };
const started: EventBody = { type: 'agent.started', agent: 'a', operation: 'http' };
const finished: EventBody = { type: 'agent.finished', agent: 'a', attempts: 1, duration_ms: 0, tainted: false };
const waits: EventBody = { type: 'run.waiting', agent: 'a', reason: 'time' };
const tryFailed: EventBody = { type: 'attempt.failed', agent: 'a', attempt: 1, failure: failure('NETWORK', 'no').failure };
const forked: EventBody = { type: 'run.forked', from: 'other', agent: 'a' };

test.each<[string, readonly EventBody[], number]>([
  ['of a run that was never resumed are none', [started], 0],
  ['are those since something ended', [started, resumed, finished, resumed, started, resumed], 2],
  ['are none once a try has failed or an agent waits', [started, resumed, tryFailed, resumed, waits], 0],
  ['begin anew when somebody lets a paused run go on', [resumed, resumed, { type: 'run.paused' }, { type: 'run.continued' }, resumed], 1],
  ['do not count that a fork begins', [started, forked, resumed, resumed], 1],
])('the tries without progress %s', (_, bodies, tries) => {
  expect(triesWithoutProgress(bodies.map((body, seq) => ({ seq, at: 0, run: 'r', ...body })))).toBe(tries);
});
