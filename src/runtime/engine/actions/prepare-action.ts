import type { ActionContext, PreparedAction } from './action.ts';
import { prepareBody } from './body-action.ts';
import { prepareCode } from './code-action.ts';
import { prepareOperation } from './operation-action.ts';

/** What the agent does, ready to be tried. Throws `FailureError` when its config, holes or input cannot be evaluated: no try helps then. */
export function prepareAction(context: ActionContext): PreparedAction {
  const { action } = context.step;
  switch (action.type) {
    case 'operation':
      return prepareOperation(action, context);
    case 'code':
      return prepareCode(action, context);
    case 'body':
      return prepareBody(action, context);
    default:
      return action satisfies never;
  }
}
