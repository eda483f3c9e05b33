import type { AgentFailed } from './agent-failed.ts';
import { withLocals } from './locals.ts';
import type { StepContext } from './step-context.ts';

/** The context of an `onError` or a `catch`: what failed is `error` there (LANGUAGE §3.2), `{code, message, attempt, agent}`. */
export function withError(context: StepContext, { failure, agent, attempt, tainted }: AgentFailed): StepContext {
  const error = Object.freeze({ code: failure.code, message: failure.message, attempt, agent });
  return { ...context, locals: withLocals(context.locals, { error }, tainted) };
}
