import { describe, expect, test } from 'vitest';
import { type StateAtOptions, showStateAt } from '../../../src/cli/history/show-state-at.ts';
import { UsageProblem } from '../../../src/cli/usage-problem.ts';
import type { Program } from '../../../src/program/program.ts';
import type { EventBody } from '../../../src/program/run-event.ts';
import { agentFailed, agentFinished, agentStarted, finished, numberEvents, STARTED, stepFinished, stepStarted } from '../support/events.ts';
import { createFakeIo } from '../support/fake-io.ts';
import { programOf } from '../support/program-of.ts';
import { CONTROLS, EVIL, hostWith, RUN, stateLoaded, stateSet, tellOf } from './support.ts';

const AGED = programOf(`ensemble: shop
state: { schema: { price: { type: number, valid_for: 15ms }, total: number } }
agents:
  - { name: fetch, operation: transform, config: { value: 1 }, state: { set: { price: 1 } } }
`);
const STORY: readonly EventBody[] = [
  STARTED,
  stateLoaded({ total: 1 }),
  agentStarted('fetch'),
  stateSet('fetch', { price: 7, total: 2 }),
  agentFinished('fetch'),
  { type: 'agent.skipped', agent: 'sum', condition: 'input.go', saw: false },
  agentStarted('outer'),
  stateLoaded({ own: 1 }, 'outer'),
  agentStarted('outer/inner'),
  stateSet('outer/inner', { own: 2 }),
  agentFinished('outer/inner'),
  stateSet('outer', { total: 3 }),
  agentFinished('outer'),
  agentStarted('last'),
  agentFailed('last'),
];

describe('ensemble checkpoints', () => {
  test('lists the ends of agents by number, with what they set', async () => {
    const { code, stdout } = await tellOf(STORY, ['checkpoints', RUN]);
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      '#  AGENT        STATUS    AFTER   TOOK   SET',
      '1  fetch        finished  40 ms   12 ms  price, total',
      '2  sum          skipped   50 ms',
      '3  outer/inner  finished  100 ms  12 ms  own',
      '4  outer        finished  120 ms  12 ms  total',
      '5  last         failed    140 ms  3 ms',
      '',
    ]);
  });

  test('--json is one array in the order of the numbers: 10 comes after 9', async () => {
    const many = Array.from({ length: 12 }, (_, i) => [agentStarted(`a[${i}]`), agentFinished(`a[${i}]`)]).flat();
    const { stdout } = await tellOf([STARTED, ...many, finished()], ['checkpoints', RUN, '--json']);
    const list = JSON.parse(stdout);
    expect(list.map(({ number }: { number: number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(list[9]).toEqual({
      ...{ number: 10, seq: 20, agent: 'a[9]', status: 'finished', at: 1_800_000_000_200, after_ms: 200, duration_ms: 12, set: [] },
    });
  });

  test('a run in which no agent has ended has none', async () => {
    expect((await tellOf([STARTED], ['checkpoints', RUN])).stdout).toBe('no agent of it has ended yet\n');
    expect((await tellOf([STARTED], ['checkpoints', RUN, '--json'])).stdout).toBe('[]\n');
  });

  test('nothing that a run names can repaint the terminal', async () => {
    const story = [STARTED, stateLoaded({}), stateSet(EVIL, { [EVIL]: 1 }), agentFinished(EVIL)];
    expect((await tellOf(story, ['checkpoints', RUN])).stdout).not.toMatch(CONTROLS);
  });
});

describe('the state of a run at a point', () => {
  const stateAt = async (options: StateAtOptions, story = STORY, program?: Program) => {
    const io = createFakeIo();
    const host = hostWith({ [RUN]: numberEvents(story) }, program);
    await showStateAt(RUN, options, io, host.open);
    return JSON.parse(io.stdout.text);
  };

  test.each([
    [{}, { price: 7, total: 3 }],
    [{ at: 'fetch' }, { price: 7, total: 2 }],
    [{ at: '1' }, { price: 7, total: 2 }],
    [{ at: 'outer/inner' }, { price: 7, total: 2 }],
    [{ at: '4' }, { price: 7, total: 3 }],
    [{ at: '3', scope: 'outer' }, { own: 2 }],
  ])('%j is %j', async (options, expected) => {
    expect(await stateAt(options)).toEqual(expected);
  });

  test('a flow step is a point too, and an agent that ran again counts where it ended last', async () => {
    const story = [
      ...[STARTED, stateLoaded({}), stepStarted('each', 'foreach'), stateSet('fetch', { n: 1 }), agentFinished('fetch')],
      ...[stateSet('fetch', { n: 2 }), agentFinished('fetch'), stateSet('each', { n: 3 }), stepFinished('each'), finished()],
    ];
    expect(await stateAt({ at: 'fetch' }, story)).toEqual({ n: 2 });
    expect(await stateAt({ at: 'each' }, story)).toEqual({ n: 3 });
  });

  test('a value past its valid_for at that moment is absent', async () => {
    expect(await stateAt({ at: 'fetch' }, STORY, AGED)).toEqual({ price: 7, total: 2 });
    expect(await stateAt({ at: 'sum' }, STORY, AGED)).toEqual({ total: 2 });
  });

  test('a run without state has an empty one', async () => {
    expect(await stateAt({}, [STARTED, finished()])).toEqual({});
  });

  test.each([
    [{ at: 'fetsh' }, 'no agent "fetsh" ended in that run; did you mean "fetch"?\nthese ended: fetch, sum, outer/inner, outer, last'],
    [{ at: '6' }, 'the run has no checkpoint 6: it has those from 1 to 5; ensemble checkpoints lists them'],
    [{ scope: 'fetch' }, 'no state of an agent file "fetch" was open then; these had: outer'],
    [{ at: 'fetch', scope: 'outer' }, 'no state of an agent file "outer" was open then; by then no agent that runs a file had begun'],
  ])('%j is refused', async (options, message) => {
    await expect(stateAt(options)).rejects.toThrow(new UsageProblem(message));
  });

  test('an agent that has not ended is told from one that never began', async () => {
    await expect(stateAt({ at: 'fetch' }, STORY.slice(0, 3))).rejects.toThrow('"fetch" has not ended yet');
  });
});
