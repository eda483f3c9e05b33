import fc from 'fast-check';
import { findFault } from './check.ts';
import { expressionsOf, hostileData } from './generate.ts';

/** What a round found, as small as it could be made; `npm run fuzz -- --seed N` finds it again. */
export interface Fault {
  readonly seed: number;
  readonly text: string;
  readonly data: unknown;
  readonly problem: string;
}

const EXPRESSIONS_A_ROUND = 300;

const templates = fc.oneof(
  expressionsOf('js').map((text) => `\${${text}}`),
  expressionsOf('jexl').map((text) => `$<${text}>`),
  expressionsOf('js').map((text) => `a \${${text}} b`),
);

/** Some hundred random expressions on random data, the same for the same seed. */
export function runRound(seed: number): Fault | undefined {
  const property = fc.property(templates, hostileData, (text, data) => findFault(text, data) === undefined);
  const { counterexample } = fc.check(property, { seed, numRuns: EXPRESSIONS_A_ROUND });
  if (counterexample === null) return undefined;
  const [text, data] = counterexample;
  return { seed, text, data, problem: findFault(text, data) ?? 'ended well when it was tried again' };
}

/** Rounds until `deadline` (epoch ms), each with the next seed; tells how many there were. */
export function runRounds(seed: number, step: number, deadline: number, report: (fault: Fault) => void): number {
  let rounds = 0;
  do {
    const fault = runRound(seed + rounds * step);
    if (fault !== undefined) report(fault);
    rounds++;
  } while (Date.now() < deadline);
  return rounds;
}
