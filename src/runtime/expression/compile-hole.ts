import type { Hole } from '../../program/expression.ts';
import type { JsonValue } from '../../program/json.ts';
import { Environment } from './compile/environment.ts';
import { compileNode } from './compile/index.ts';
import { runAfresh } from './compile-expression.ts';
import { locateFailure } from './locate-failure.ts';
import { isPlainRead, isSureRead } from './plain-read.ts';
import type { Scope } from './scope.ts';
import { toJson } from './to-json.ts';

/** Compiles a string that is exactly one expression: gives its value as JSON data. Failures tell where it stands. */
export function compileHole(hole: Hole): (scope: Scope) => JsonValue | undefined {
  const { expression } = hole;
  const environment = new Environment(compileNode);
  const evaluate = environment.compile(expression);
  const { places } = environment;
  // What most expressions are: nothing to count, nothing to catch, JSON data as it stands, and no parameters whose values anyone would look for.
  if (isSureRead(expression)) return evaluate as unknown as (scope: Scope) => JsonValue | undefined;
  // What is read from the scope as it stands is JSON data, however large.
  const finish = isPlainRead(expression) ? asItStands : toJson;
  return (scope) => {
    try {
      return finish(runAfresh(evaluate, places, scope));
    } catch (error) {
      throw locateFailure(error, hole);
    }
  };
}

const asItStands = (value: unknown): JsonValue | undefined => value as JsonValue | undefined;
