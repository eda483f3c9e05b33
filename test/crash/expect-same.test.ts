import { expect, test } from 'vitest';
import type { EventBody, RunEvent } from '../../src/program/run-event.ts';
import { type CrashedRun, RUN } from './crash-run.ts';
import { expectSameEnd } from './expect-same.ts';

const KEY = `${RUN}/a`;

/** A run whose events came at the given times, and that had counted `effects` of its one agent in the end. */
function crashed(
  events: readonly (readonly [at: number, body: Partial<EventBody>])[],
  effects: number,
  crashes: CrashedRun['crashes'],
): CrashedRun {
  return {
    events: events.map(([at, body], seq) => ({ at, seq, ...body }) as unknown as RunEvent),
    appends: events.length,
    status: 'succeeded',
    output: 1,
    stored: {},
    effects: new Map([[KEY, effects]]),
    crashes,
  };
}

const started = { type: 'agent.started', agent: 'a' } as const;
const finished = { type: 'agent.finished', agent: 'a' } as const;
const resumed = { type: 'run.resumed' } as const;
const crash = (at: number, effects: number) => ({ at, effects: new Map([[KEY, effects]]) });
const whole = crashed(
  [
    [1, started],
    [2, finished],
  ],
  1,
  [],
);

const ENDS: readonly [string, CrashedRun, RegExp | undefined][] = [
  ['was not killed', whole, undefined],
  [
    'asks again for what was not over',
    crashed(
      [
        [1, started],
        [6, resumed],
        [7, finished],
      ],
      2,
      [crash(5, 1)],
    ),
    undefined,
  ],
  [
    'is resumed after the second crash alone',
    crashed(
      [
        [1, started],
        [2, finished],
        [9, resumed],
      ],
      1,
      [crash(5, 1), crash(8, 1)],
    ),
    undefined,
  ],
  [
    'asks again for what was over',
    crashed(
      [
        [1, started],
        [2, finished],
        [6, resumed],
      ],
      2,
      [crash(5, 1)],
    ),
    /asked for again/,
  ],
  [
    'begins again what was over',
    crashed(
      [
        [1, started],
        [2, finished],
        [6, resumed],
        [7, started],
      ],
      1,
      [crash(5, 1)],
    ),
    /began again/,
  ],
  [
    'is resumed without a crash',
    crashed(
      [
        [1, started],
        [2, resumed],
        [3, finished],
      ],
      1,
      [],
    ),
    /without a crash: 1 times for 0/,
  ],
  [
    'is resumed twice after a crash',
    crashed(
      [
        [1, started],
        [6, resumed],
        [7, resumed],
        [8, finished],
      ],
      2,
      [crash(5, 1)],
    ),
    /without a crash: 2 times for 1/,
  ],
];

test.each(ENDS)('a run that %s is judged so', (_, run, complaint) => {
  const judge = () => expectSameEnd(run, whole);
  if (complaint === undefined) judge();
  else expect(judge).toThrow(complaint);
});
