import type { JsonValue } from '../../program/json.ts';
import { checkBodyInput } from '../../runtime/engine/check-body-input.ts';
import { FailureError } from '../../runtime/failure.ts';
import type { DeployedEnsemble } from '../deployment.ts';

/** Why an ensemble does not take an input, in a sentence; undefined when it does. */
export async function findInputProblem(ensemble: DeployedEnsemble, input: JsonValue): Promise<string | undefined> {
  const { default: program } = await ensemble.load();
  try {
    checkBodyInput(program.body, input, 'The input');
    return undefined;
  } catch (error) {
    if (error instanceof FailureError) return error.failure.message;
    throw error;
  }
}
