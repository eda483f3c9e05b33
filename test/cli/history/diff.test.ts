import { describe, expect, test } from 'vitest';
import type { EventBody } from '../../../src/program/run-event.ts';
import { agentFailed, agentFinished, agentStarted, FAILURE, finished, numberEvents, STARTED, stepStarted } from '../support/events.ts';
import { CONTROLS, EVIL, hostWith, OTHER, RUN, stateLoaded, stateSet, tell } from './support.ts';

const A: readonly EventBody[] = [
  STARTED,
  stateLoaded({ n: 1 }),
  agentStarted('fetch'),
  stateSet('fetch', { n: 2 }),
  agentFinished('fetch', { output: { rows: [1, 2], 'a/b~c': 1 } }),
  stepStarted('check', 'branch'),
  { type: 'step.decided', step: 'check', took: 'then', saw: true },
  { type: 'agent.skipped', agent: 'sum', condition: 'input.go', saw: false },
  finished({ output: 'done' }),
];
const B: readonly EventBody[] = [
  { ...STARTED, input: { day: 1 } } as EventBody,
  stateLoaded({ n: 1 }),
  agentStarted('fetch'),
  stateSet('fetch', { n: 3 }),
  agentFinished('fetch', { output: { rows: [1, 3, 4], 'a/b~c': 2 }, attempts: 2, duration_ms: 900 }),
  stepStarted('check', 'branch'),
  { type: 'step.decided', step: 'check', took: 'else', saw: false },
  agentStarted('sum'),
  agentFailed('sum'),
  finished({ status: 'failed', failure: FAILURE, agent: 'sum' }),
];

const diff = (a: readonly EventBody[], b: readonly EventBody[], ...args: string[]) => {
  const events = numberEvents(b, 25).map((event) => ({ ...event, run: OTHER }));
  return tell(['diff', RUN, OTHER, ...args], hostWith({ [RUN]: numberEvents(a), [OTHER]: events }));
};

describe('ensemble diff', () => {
  test('lists only what differs, as JSON pointers with what stands there in each', async () => {
    const { code, stdout } = await diff(A, B, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      before: RUN,
      after: OTHER,
      same: false,
      differences: [
        { path: '/input/day', after: 1 },
        { path: '/status', before: 'succeeded', after: 'failed' },
        { path: '/failure', after: { code: 'HTTP_STATUS', message: 'it answered 500' } },
        { path: '/failed_agent', after: 'sum' },
        { path: '/flow/check/decided/0/took', before: 'then', after: 'else' },
        { path: '/flow/check/decided/0/saw', before: true, after: false },
        { path: '/agents/fetch/attempts', before: 1, after: 2 },
        { path: '/agents/fetch/output/rows/1', before: 2, after: 3 },
        { path: '/agents/fetch/output/rows/2', after: 4 },
        { path: '/agents/fetch/output/a~1b~0c', before: 1, after: 2 },
        { path: '/agents/sum/status', before: 'skipped', after: 'failed' },
        { path: '/agents/sum/attempts', before: 0, after: 1 },
        { path: '/agents/sum/failure', after: { code: 'HTTP_STATUS', message: 'it answered 500' } },
        { path: '/state/n', before: 2, after: 3 },
        { path: '/output', before: 'done' },
      ],
      durations: [{ agent: 'fetch', before_ms: 12, after_ms: 900 }],
    });
  });

  test('shows people both runs, each difference, and durations apart', async () => {
    const { stdout } = await diff(A, B);
    expect(stdout.split('\n').slice(0, 8)).toEqual([
      `-  ${RUN}  shop  succeeded  2027-01-15T08:00:00.000Z`,
      `+  ${OTHER}  shop  failed     2027-01-15T08:00:00.000Z`,
      '',
      '/input/day',
      '  + 1',
      '/status',
      '  - "succeeded"',
      '  + "failed"',
    ]);
    expect(stdout).toMatch(/\n {2}fetch {2}12 ms → 900 ms\n$/);
  });

  test('two runs that did the same are the same, whatever their ids and times; a duration alone is no difference', async () => {
    const slower = A.map((event) => (event.type === 'agent.finished' ? { ...event, duration_ms: 5_000 } : event));
    const { code, stdout } = await diff(A, slower);
    expect(code).toBe(0);
    expect(stdout).toContain('\nthe same: ');
    expect(stdout).toContain('fetch  12 ms → 5.0 s');
    expect(JSON.parse((await diff(A, A, '--json')).stdout)).toEqual({
      before: RUN,
      after: OTHER,
      same: true,
      differences: [],
      durations: [],
    });
  });

  test('an agent that only one of them ran is told with all that it left', async () => {
    const without = A.filter((event) => !('agent' in event && event.agent === 'fetch'));
    const { differences } = JSON.parse((await diff(without, A, '--json')).stdout);
    const left = { status: 'finished', attempts: 1, output: { rows: [1, 2], 'a/b~c': 1 } };
    expect(differences).toContainEqual({ path: '/agents/fetch', after: left });
  });

  test('the state of agent files counts too, beside keys of the same name', async () => {
    const file = (n: number) => [STARTED, stateLoaded({ outer: { n: 1 } }), stateLoaded({ n }, 'outer'), finished()];
    const { stdout } = await diff(file(1), file(2), '--json');
    expect(JSON.parse(stdout).differences).toEqual([{ path: '/agents/outer/state/n', before: 1, after: 2 }]);
  });

  test('of very many differences and large values people see the first lines, --json all', async () => {
    const many = (n: number) => [
      STARTED,
      finished({
        output: {
          all: Array.from({ length: 500 }, (_, i) => i * n),
          text: 'x'.repeat(200_000 + n),
          list: n === 1 ? [] : { a: Array(900).fill('y') },
        },
      }),
    ];
    const { stdout } = await diff(many(1), many(2));
    expect(stdout.split('\n').length).toBeLessThan(350);
    expect(stdout).toContain('and 401 more; --json has all of them');
    expect(JSON.parse((await diff(many(1), many(2), '--json')).stdout).differences).toHaveLength(501);
  });

  test.each([
    [RUN, 'x'.repeat(26)],
    ['x'.repeat(26), RUN],
  ])('%s and %s: one that is not there exits with 2', async (a, b) => {
    const { code, stderr } = await tell(['diff', a, b], hostWith({ [RUN]: numberEvents(A) }));
    expect([code, stderr]).toEqual([2, expect.stringContaining('there is no run xxx')]);
  });

  test('nothing that a run names can repaint the terminal', async () => {
    const evil = [STARTED, agentFinished(EVIL, { output: { [EVIL]: EVIL } }), finished({ output: EVIL })];
    expect((await diff(A, evil)).stdout).not.toMatch(CONTROLS);
  });
});
