import type { BodyContext } from './body-context.ts';
import type { StepContext } from './step-context.ts';

/** How events, the journal and idempotency keys name a step: `outer[3]/inner[0]`. The same for each attempt and after a crash. */
export function stepPath(step: { readonly path: string }, context: StepContext): string {
  return pathInBody(context.body) + step.path + context.iteration;
}

function pathInBody({ path }: BodyContext): string {
  return path === '' ? '' : `${path}/`;
}
