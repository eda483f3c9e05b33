import type { Scope } from '../../program/api-scopes.ts';
import type { RunSummary } from '../../program/host-calls.ts';
import { findRun } from '../find-run.ts';
import { refuse } from './refused-request.ts';
import type { ApiCall } from './routes/route.ts';

type Asked = Pick<ApiCall, 'caller' | 'deployment' | 'env'>;

/** Whether the key has the scope for anything at all: for all ensembles, or for one of this Worker. */
export function mayAnything({ caller, deployment }: Pick<ApiCall, 'caller' | 'deployment'>, scope: Scope): boolean {
  return caller.may(scope) || deployment.ensembles.some(({ id }) => caller.may(scope, id));
}

/** Whether the key has the scope for runs of the ensemble of that file (relative to the project's root). */
export function mayReachFile({ caller, deployment }: Pick<ApiCall, 'caller' | 'deployment'>, scope: Scope, file: string): boolean {
  return caller.may(scope, deployment.ensembles.find((ensemble) => ensemble.file === file)?.id);
}

/** The same for all ensembles whose files give themselves that name. */
export function mayReachName({ caller, deployment }: Pick<ApiCall, 'caller' | 'deployment'>, scope: Scope, name: string): boolean {
  const named = deployment.ensembles.filter((ensemble) => ensemble.name === name);
  return caller.may(scope) || (named.length > 0 && named.every(({ id }) => caller.may(scope, id)));
}

/**
 * The run as it stands.
 * @throws RefusedRequest: 404 when there is none, and also for one of an ensemble that the key is not for.
 */
export async function reachRun(call: Asked, scope: Scope, run: string): Promise<RunSummary> {
  const summary = await findRun(call.env, run);
  if (summary === undefined || !mayReachFile(call, scope, summary.file)) return refuse('not-found', `There is no run ${run}.`);
  return summary;
}
