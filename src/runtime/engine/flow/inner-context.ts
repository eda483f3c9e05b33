import type { Locals } from '../locals.ts';
import { Results } from '../results.ts';
import type { StepContext } from '../step-context.ts';

/** The context of a branch of a parallel: it sees and leaves the same results as those beside it, and can be cancelled by itself. */
export function branchContext(outer: StepContext, branch: number, signal: AbortSignal): StepContext {
  return { ...outer, signal, order: [...outer.order, branch] };
}

/** The context of an iteration whose results are its own until the loop is over. */
export function iterationContext(outer: StepContext, index: number, locals: Locals, signal: AbortSignal): StepContext {
  return {
    ...outer,
    results: new Results(outer.results),
    locals,
    signal,
    iteration: `${outer.iteration}[${index}]`,
    order: [...outer.order, index],
  };
}
