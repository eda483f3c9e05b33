import type { JsonValue } from '../../program/json.ts';
import { checkBodyInput } from '../../runtime/engine/check-body-input.ts';
import { FailureError } from '../../runtime/failure.ts';
import type { DeployedEnsemble } from '../deployment.ts';

/** Why an ensemble does not take an input, in a sentence; undefined when it does. */
export function findInputProblem(ensemble: DeployedEnsemble, input: JsonValue): string | undefined {
  try {
    checkBodyInput(ensemble, input, 'The input');
    return undefined;
  } catch (error) {
    if (error instanceof FailureError) return error.failure.message;
    throw error;
  }
}
