import { expect, test } from 'vitest';
import { findFault } from './check.ts';
import { type Fault, runRounds } from './round.ts';

/** CI takes a minute; `npm run fuzz` as long as it is told. */
const seconds = Number(process.env.ENSEMBLE_FUZZ_SECONDS ?? 10);
const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 30));

test(
  'whatever is written as an expression, and whatever it reads: it is refused, gives data or fails with a code, twice the same, soon, and leaves nothing behind',
  () => {
    const faults: Fault[] = [];
    const rounds = runRounds(seed, 1, Date.now() + seconds * 1_000, (fault) => faults.push(fault));
    process.stdout.write(`${rounds} rounds of expressions from FUZZ_SEED=${seed} on\n`);
    expect(faults).toEqual([]);
  },
  seconds * 1_000 + 120_000,
);

test('a fault is found where there is one', () => {
  expect(findFault('${input.v}', 1)).toBe(undefined);
  const unsteady = {
    get a() {
      return Math.random();
    },
  };
  expect(findFault('${input.v.a}', unsteady)).toBe('ends differently the second time');
});
