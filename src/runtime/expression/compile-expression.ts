import type { Expression } from '../../program/expression.ts';
import { FailureError, failure } from '../failure.ts';
import { Environment, type Evaluate } from './compile/environment.ts';
import { compileNode } from './compile/index.ts';
import { beginSteps } from './limits.ts';
import type { Scope } from './scope.ts';

/**
 * Compiles an expression to a function of the scope and of values for `parameters` (names that its author may use beside the roots). It gives the
 * expression's own value, which may hold dates and undefined: `toJson` makes data of it. Throws `FailureError` with `EXPRESSION` or
 * `EXPRESSION_LIMIT`; it never hangs and never changes what it reads.
 *
 * What a scope holds must be JSON data: own data properties, no functions. The expression itself is trusted to come from the compiler; what it
 * names beyond the allow-list is a defect and throws when it is compiled.
 */
export function compileExpression(
  expression: Expression,
  parameters: readonly string[] = [],
): (scope: Scope, ...values: readonly unknown[]) => unknown {
  const environment = new Environment(compileNode).with(parameters);
  const evaluate = environment.compile(expression);
  const { places } = environment;
  return (scope, ...values) => {
    try {
      return runAfresh(evaluate, places, scope, values);
    } catch (error) {
      throw asFailure(error);
    }
  };
}

const NO_LOCALS: unknown[] = [];

/** One evaluation with a fresh count of steps. What it throws is still to go through `asFailure`. */
export function runAfresh(evaluate: Evaluate, places: number, scope: Scope, values: readonly unknown[] = NO_LOCALS): unknown {
  beginSteps();
  return evaluate(scope, places === 0 ? NO_LOCALS : openLocals(places, values));
}

/** A list of its final length: one that grew with each parameter that is bound would be copied each time. */
function openLocals(places: number, values: readonly unknown[]): unknown[] {
  const locals: unknown[] = new Array(places);
  for (let index = 0; index < values.length; index++) locals[index] = values[index];
  return locals;
}

/** What JavaScript's own methods refuse (`toFixed(101)`) or cannot do (a stack too deep) is a failure; anything else unknown is a defect. */
export function asFailure(error: unknown): unknown {
  if (error instanceof FailureError || !(error instanceof RangeError)) return error;
  if (/call stack/i.test(error.message)) return failure('EXPRESSION_LIMIT', 'a value is nested too deeply');
  if (/string length/i.test(error.message)) return failure('EXPRESSION_LIMIT', 'the expression makes a string that is too long');
  return failure('EXPRESSION', error.message);
}
