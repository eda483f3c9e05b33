import { beforeAll, describe, expect, test } from 'vitest';
import type { Program } from '../../src/program/program.ts';
import { SEED } from '../support/seed.ts';
import { type CrashedRun, type CrashPoint, runWithCrashes } from './crash-run.ts';
import { BESIDE, FAILS, SUCCEEDS } from './everything.ts';
import { expectSameEnd } from './expect-same.ts';
import { drawPoint, seeded } from './points.ts';

/*
 * A run with every kind of agent and every flow construct is killed at appends of its journal; what is resumed must come to the same end. Here a sample; `npm run
 * crash-test` takes every append. The seed is in the name of each test: FUZZ_SEED repeats it.
 */

const POINTS_EACH = 4;
/** About as many groups as such a run appends; a point beyond the last one kills nothing. */
const APPENDS = 70;

const random = seeded(SEED);

describe.each<[string, Program]>([
  ['that succeeds', SUCCEEDS],
  ['that fails and is undone', FAILS],
  ['whose agents run side by side', BESIDE],
])(`a run %s (seed ${SEED})`, (_, program) => {
  let whole: CrashedRun;
  beforeAll(async () => {
    whole = await runWithCrashes(program, []);
  });

  const points = Array.from({ length: POINTS_EACH }, () => drawPoint(random, APPENDS));
  const twice: readonly CrashPoint[] = [drawPoint(random, APPENDS / 2), drawPoint(random, APPENDS / 2)];

  test.each(points)('comes to the same end when it is killed at append $append, $phase', async (point) => {
    expectSameEnd(await runWithCrashes(program, [point]), whole);
  });

  test(`comes to the same end when it is killed twice: ${JSON.stringify(twice)}`, async () => {
    expectSameEnd(await runWithCrashes(program, twice), whole);
  });
});

test('a run that nobody asks for is resumed by its alarm', async () => {
  const whole = await runWithCrashes(SUCCEEDS, []);
  const crashed = await runWithCrashes(SUCCEEDS, [{ append: 40, phase: 'written' }], { byAlarm: true });
  expectSameEnd(crashed, whole);
  expect(crashed.events.filter(({ type }) => type === 'run.resumed')).toHaveLength(1);
});
