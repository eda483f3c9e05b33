import type { JsonValue } from '../../../program/json.ts';
import type { BodyAction } from '../../../program/program.ts';
import { failure } from '../../failure.ts';
import { checkBodyInput } from '../check-body-input.ts';
import type { ActionCall, ActionContext } from './action.ts';

/** Files that run files that run …: deeper than this is an error (LANGUAGE §6.5). */
const MAX_DEPTH = 16;

/** Runs the steps of an agent file or ensemble over their own state and results; their events carry the path `outer/inner` in the same journal. Each try starts them anew. */
export function prepareBody({ file }: BodyAction, { context, path, step, scope, tainted }: ActionContext): ActionCall {
  const { run, body: outer } = context;
  const called = run.program.files[file];
  if (called === undefined) throw new Error(`the program runs a file ${file} that it does not hold`);
  const depth = outer.depth + 1;
  if (depth > MAX_DEPTH) throw failure('RECURSION', `Ensembles and agent files run each other more than ${MAX_DEPTH} levels deep.`);
  const { body } = called;
  const input = checkBodyInput(body, scope.input as JsonValue, `The input of "${step.name}"`);
  return async (signal) => {
    const { output, tainted: taintedOutput } = await run.runBody({
      body,
      path,
      depth,
      input,
      inputTainted: tainted,
      trigger: undefined,
      root: outer.root,
      signal,
    });
    return { output, tainted: taintedOutput };
  };
}
