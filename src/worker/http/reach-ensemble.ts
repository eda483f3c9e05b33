import type { Scope } from '../../program/api-scopes.ts';
import type { DeployedEnsemble } from '../deployment.ts';
import { refuse } from './refused-request.ts';
import type { ApiCall } from './routes/route.ts';

/**
 * The ensemble of that id.
 * @throws RefusedRequest: 404 when there is none, 403 for every id that the key is not for, whether there is one or not.
 */
export function reachEnsemble({ caller, deployment }: Pick<ApiCall, 'caller' | 'deployment'>, scope: Scope, id: string): DeployedEnsemble {
  if (!caller.may(scope, id)) refuse('forbidden', `The key "${caller.name}" is not for this ensemble.`);
  return deployment.ensembles.find((ensemble) => ensemble.id === id) ?? refuse('not-found', 'There is no ensemble of that id.');
}
