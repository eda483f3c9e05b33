import type { JsonValue } from '../../../src/program/json.ts';
import { fc } from '../../support/fast-check.ts';
import { findFault } from './check.ts';
import { findTaintFault, programOfFlow } from './check-taint.ts';
import { expressionsOf, hostileData } from './generate.ts';
import { outsides, taintFlows } from './taint-flows.ts';

/** What a round found, as small as it could be made; `npm run fuzz -- --seed N` finds it again. */
export interface Fault {
  readonly seed: number;
  readonly text: string;
  readonly data: unknown;
  readonly problem: string;
}

const EXPRESSIONS_A_ROUND = 300;
const FLOWS_A_ROUND = 15;
/** Flows are long: what is found is worth some time, and not an hour. */
const MAX_SHRINK_MS = 20_000;

const templates = fc.oneof(
  expressionsOf('js').map((text) => `\${${text}}`),
  expressionsOf('jexl').map((text) => `$<${text}>`),
  expressionsOf('js').map((text) => `a \${${text}} b`),
);

/** Some hundred random expressions on random data, the same for the same seed. */
function runExpressions(seed: number): Fault | undefined {
  const property = fc.property(templates, hostileData, (text, data) => findFault(text, data) === undefined);
  const { counterexample } = fc.check(property, { seed, numRuns: EXPRESSIONS_A_ROUND });
  if (counterexample === null) return undefined;
  const [text, data] = counterexample;
  return { seed, text, data, problem: findFault(text, data) ?? 'ended well when it was tried again' };
}

/** Some random ensembles, each run a few times with other data from outside. */
async function runFlows(seed: number): Promise<Fault | undefined> {
  const find = async (text: string, data: readonly JsonValue[]): Promise<string | undefined> => {
    const program = programOfFlow(text);
    return typeof program === 'string' ? undefined : findTaintFault(program, data);
  };
  const property = fc.asyncProperty(taintFlows, outsides, async (text, data) => (await find(text, data)) === undefined);
  const { counterexample } = await fc.check(property, { seed, numRuns: FLOWS_A_ROUND, interruptAfterTimeLimit: MAX_SHRINK_MS });
  if (counterexample === null) return undefined;
  const [text, data] = counterexample;
  return { seed, text, data, problem: (await find(text, data)) ?? 'ended well when it was tried again' };
}

/** Rounds until `deadline` (epoch ms), each with the next seed; tells how many there were. */
export async function runRounds(seed: number, step: number, deadline: number, report: (fault: Fault) => void): Promise<number> {
  let rounds = 0;
  do {
    const own = seed + rounds * step;
    for (const fault of [runExpressions(own), await runFlows(own)]) if (fault !== undefined) report(fault);
    rounds++;
  } while (Date.now() < deadline);
  return rounds;
}
