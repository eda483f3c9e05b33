import type { JsonValue } from '../../program/json.ts';
import { findExcess } from '../../runtime/engine/json-size.ts';
import { checkInput } from '../../runtime/schema/check-input.ts';
import type { DeployedEnsemble } from '../deployment.ts';
import { refuse } from './refused-request.ts';

/** Throws RefusedRequest (422) for an input that the ensemble does not take: each field with what is wrong with it. The engine would find the same, but only once the run had begun. */
export function checkRunInput(ensemble: DeployedEnsemble, input: JsonValue): void {
  // For the engine no input is an empty one; a client that sends null has made a mistake.
  if (input === null) refuse('invalid-input', 'The input must be an object, not null.');
  const excess = findExcess(input);
  if (excess !== undefined) refuse('invalid-input', `The input is ${excess}.`);
  const checked = checkInput(ensemble.input, input);
  if ('value' in checked) return;
  const errors = checked.problems.map(({ path, message }) => ({ path, message }));
  refuse('invalid-input', `The input is not what ${ensemble.id} declares.`, { members: { errors } });
}
