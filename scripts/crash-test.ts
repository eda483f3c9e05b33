import { parseArgs } from 'node:util';
import { type CrashPoint, runWithCrashes } from '../test/crash/crash-run.ts';
import { BESIDE, FAILS, SUCCEEDS } from '../test/crash/everything.ts';
import { expectSameEnd } from '../test/crash/expect-same.ts';
import { seeded } from '../test/crash/points.ts';

/*
 * `npm run crash-test [-- --points N --seed S --program NAME]`: kills a run at every append of its journal, before and after the group is on disk, in an order that the seed decides, and
 * checks that what is resumed comes to the end of an uninterrupted run. About two seconds a point. Ends with 1 when one did not.
 */

const PROGRAMS = { succeeds: SUCCEEDS, fails: FAILS, beside: BESIDE };

const { values } = parseArgs({ options: { points: { type: 'string' }, seed: { type: 'string' }, program: { type: 'string' } } });
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6));
const random = seeded(seed);
console.log(`seed ${seed}`);

let passed = 0;
let failed = 0;
for (const [name, program] of Object.entries(PROGRAMS)) {
  if (values.program !== undefined && values.program !== name) continue;
  const whole = await runWithCrashes(program, []);
  const appends = whole.appends;
  const all = Array.from({ length: appends }, (_, index) => index + 1).flatMap((append): CrashPoint[] => [
    { append, phase: 'unwritten' },
    { append, phase: 'written' },
  ]);
  const drawn = all
    .map((point) => ({ point, order: random() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, Number(values.points ?? all.length));
  console.log(`${name}: ${whole.events.length} events in ${appends} appends, ${drawn.length} points`);
  for (const { point } of drawn) {
    try {
      expectSameEnd(await runWithCrashes(program, [point]), whole);
      passed += 1;
    } catch (error) {
      failed += 1;
      console.log(`${name}, killed at append ${point.append} (${point.phase}): ${error instanceof Error ? error.message : error}`);
    }
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
