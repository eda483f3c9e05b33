import { isName } from '../../language/model/fields.ts';
import { ROOT_NAMES } from '../../program/expression.ts';
import { FORBIDDEN_PROPERTIES } from '../../program/expression-vocabulary.ts';
import type { JsonObject, JsonValue } from '../../program/json.ts';
import { findExcess } from '../../runtime/engine/json-size.ts';
import type { Scope } from '../../runtime/expression/scope.ts';
import type { Io } from '../io.ts';
import { readJson } from '../read-json.ts';
import { UsageProblem } from '../usage-problem.ts';

const ROOTS: ReadonlySet<string> = new Set(ROOT_NAMES);

/** The values by name, as the JSON object of `--scope` gives them: roots and agents apart. */
export interface ScopeValues {
  readonly roots: JsonObject;
  readonly agents: ReadonlyMap<string, JsonValue>;
}

/**
 * What `--scope` holds: a file, stdin for `-`, or nothing at all. A key that no agent can be called (`a b`, `__proto__`) is left out: no expression could read it.
 * @throws UsageProblem when it is no JSON object, or one that no run could keep.
 */
export async function readScope(file: string | undefined, io: Io): Promise<ScopeValues> {
  const value = file === undefined ? {} : await readJson(file, `--scope ${file}`, io);
  const excess = findExcess(value);
  if (excess !== undefined) throw new UsageProblem(`the scope is ${excess}`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageProblem('the scope must be a JSON object: its keys are the names that the expression knows');
  }
  const entries = Object.entries(value).filter(([name]) => isName(name) && !FORBIDDEN_PROPERTIES.has(name));
  return {
    roots: Object.fromEntries(entries.filter(([name]) => ROOTS.has(name))),
    agents: new Map(entries.filter(([name]) => !ROOTS.has(name))),
  };
}

/** The scope as the evaluator reads it. `missing` is told each expression of a text that had no value. */
export function buildEvalScope({ roots, agents }: ScopeValues, io: Io, missing: (source: string) => void): Scope {
  const { input, state, env, run, trigger, item, index, loop, error, mapResults } = roots;
  return {
    ...{ input, state, env, run, trigger, item, index, loop, error, mapResults },
    agents,
    now: () => io.now(),
    uuid: () => crypto.randomUUID(),
    random: () => Math.random(),
    missing,
  };
}
