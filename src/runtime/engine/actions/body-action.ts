import type { JsonValue } from '../../../program/json.ts';
import type { Action } from '../../../program/program.ts';
import { checkBodyInput } from '../check-body-input.ts';
import type { ActionCall, ActionContext } from './action.ts';

/** Runs an agent file's steps over its own state and results; its events carry the path `outer/inner` in the same journal. Each try starts it anew. */
export function prepareBody({ body }: Extract<Action, { readonly type: 'body' }>, context: ActionContext): ActionCall {
  const { run, step, scope, tainted } = context;
  const input = checkBodyInput(body, scope.input as JsonValue, `The input of "${step.name}"`);
  return async (signal) => {
    const { output, tainted: taintedOutput } = await run.runBody({
      body,
      path: step.path,
      input,
      inputTainted: tainted,
      trigger: undefined,
      signal,
    });
    return { output, tainted: taintedOutput };
  };
}
