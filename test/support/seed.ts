/**
 * What everything that a test draws is drawn from. Fixed, so that a change fails CI for what it changed and not for what chance found in it that day; the number itself says nothing.
 * By hand `FUZZ_SEED=random` draws another one in each file (a test that fails prints it), and `FUZZ_SEED=7` repeats one: together with the variables by which single tests take
 * more runs (`RESUME_RUNS=1000`), that is how to search.
 */
export const SEED = seedOf(process.env.FUZZ_SEED);

function seedOf(told: string | undefined): number {
  if (told === 'random') return Math.floor(Math.random() * 2 ** 31);
  const seed = Number(told ?? 20_251_122);
  if (!Number.isSafeInteger(seed)) throw new Error('FUZZ_SEED is a whole number, or "random"');
  return seed;
}
