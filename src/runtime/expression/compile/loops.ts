import type { Expression, SpreadElement } from '../../../program/expression.ts';
import { checkList, spend } from '../limits.ts';
import type { Scope } from '../scope.ts';
import type { Environment, Evaluate } from './environment.ts';
import { stepsOf } from './steps.ts';

/** Calls a method on a list with the function that was written there. */
export type RunLoop = (list: readonly unknown[], scope: Scope, locals: unknown[]) => unknown;

/** The function's body, the place of its parameter, and the steps that each of its calls spends. */
interface Body {
  readonly evaluate: Evaluate;
  readonly place: number;
  readonly steps: number;
}

/**
 * The methods that most lists meet, with `x => …` written at the call: the loop evaluates the body itself, without a function, a list of arguments
 * and a call of it for each item, which together take longer than the body does. What they give is what LIST_METHODS gives; those that go over the whole
 * list in any case take the steps of all calls at once.
 */
const LOOPS: Readonly<Record<string, (body: Body) => RunLoop>> = {
  filter:
    ({ evaluate, place, steps }) =>
    (list, scope, locals) => {
      spend(steps * list.length);
      const kept: unknown[] = [];
      for (let index = 0; index < list.length; index++) {
        const item = list[index];
        locals[place] = item;
        if (evaluate(scope, locals)) kept.push(item);
      }
      return kept;
    },
  map:
    ({ evaluate, place, steps }) =>
    (list, scope, locals) => {
      checkList(list.length);
      spend(steps * list.length);
      const results: unknown[] = [];
      for (let index = 0; index < list.length; index++) {
        locals[place] = list[index];
        results.push(evaluate(scope, locals));
      }
      return results;
    },
  some:
    ({ evaluate, place, steps }) =>
    (list, scope, locals) => {
      for (let index = 0; index < list.length; index++) {
        spend(steps);
        locals[place] = list[index];
        if (evaluate(scope, locals)) return true;
      }
      return false;
    },
  every:
    ({ evaluate, place, steps }) =>
    (list, scope, locals) => {
      for (let index = 0; index < list.length; index++) {
        spend(steps);
        locals[place] = list[index];
        if (!evaluate(scope, locals)) return false;
      }
      return true;
    },
};

/** Undefined unless `nodes` are one plain function of one parameter and the method is among those that only lists have. */
export function compileLoop(method: string, nodes: readonly (Expression | SpreadElement)[], environment: Environment): RunLoop | undefined {
  const make = Object.hasOwn(LOOPS, method) ? LOOPS[method] : undefined;
  const [arrow] = nodes;
  if (make === undefined || nodes.length !== 1 || arrow?.type !== 'arrow' || arrow.parameters.length !== 1) return undefined;
  const [parameter] = arrow.parameters;
  if (parameter?.type !== 'name' || parameter.default !== undefined) return undefined;
  const inner = environment.with([parameter.name]);
  return make({ evaluate: inner.compile(arrow.body), place: inner.placeOf(parameter.name), steps: stepsOf(arrow.body) });
}
