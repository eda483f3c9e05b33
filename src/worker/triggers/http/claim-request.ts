import { WORKER_BINDINGS } from '../../../program/host-protocol.ts';
import type { VerifiedSignature } from '../../auth/verify-signature.ts';
import { readClaim } from '../../http/idempotency.ts';
import { refuse } from '../../http/refused-request.ts';
import type { StartOptions } from '../../start-ensemble.ts';
import type { WorkerEnv } from '../../worker-env.ts';
import type { RequestInput } from './request-input.ts';
import type { MatchedRoute } from './trigger-routes.ts';

/**
 * What a request must not start twice: what a signature stands for, else what its `Idempotency-Key` does. That one belongs to those who share the trigger's secret: at a public trigger it is passed over, or strangers
 * could have each other's runs.
 */
export async function readTriggerClaim(
  { ensemble, trigger }: MatchedRoute,
  request: Request,
  env: WorkerEnv,
  given: RequestInput & { readonly signature: VerifiedSignature | undefined },
): Promise<StartOptions['claim']> {
  const { method, path, query, body = null } = given.trigger;
  const asked = [method ?? null, path ?? null, query ?? null];
  if (given.signature === undefined) {
    if (trigger.auth === undefined) return undefined;
    const holders = { name: `${trigger.type} ${trigger.path}` };
    return readClaim({ request, env, caller: holders }, ensemble.id, [...asked, body]);
  }
  if (env[WORKER_BINDINGS.claims] === undefined) {
    refuse('unavailable', `Signed requests need the binding ${WORKER_BINDINGS.claims}, which this Worker does not have.`);
  }
  const { replayKey, replayMs } = given.signature;
  // The address is not signed: the signature of one must not start a run at another.
  return { key: `${trigger.type}:${ensemble.id}:${replayKey}`, fingerprint: JSON.stringify(asked), ttlMs: replayMs };
}

/** The key was used before, for something else. */
export function refuseMismatch(signature: VerifiedSignature | undefined): never {
  if (signature !== undefined) refuse('conflict', 'The same signature came before with another address: nothing was started.');
  refuse('idempotency-mismatch', 'This Idempotency-Key was used within the last 24 hours for another request.');
}
