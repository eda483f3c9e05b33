import type { Hole } from '../../program/expression.ts';
import { compileExpression } from '../expression/compile-expression.ts';
import type { Scope } from '../expression/scope.ts';
import { toJson } from '../expression/to-json.ts';
import type { StateReducer } from './reducers.ts';

/** The compiler lets a reducer read nothing but its two parameters. */
const NOTHING: Scope = {
  input: undefined,
  state: undefined,
  env: undefined,
  run: undefined,
  trigger: undefined,
  item: undefined,
  index: undefined,
  loop: undefined,
  error: undefined,
  mapResults: undefined,
  agents: { get: () => undefined },
  now: outside,
  uuid: outside,
  random: outside,
};

/** The reducer that an author wrote: an expression of `current`, undefined when the key has no value, and `incoming` (LANGUAGE §4.4). */
export function buildAuthorReducer({ expression }: Hole): StateReducer {
  const evaluate = compileExpression(expression, ['current', 'incoming']);
  return { join: (current, write) => toJson(evaluate(NOTHING, current, write)) };
}

function outside(): never {
  throw new Error('a reducer asked for something from outside');
}
