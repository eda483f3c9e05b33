import { callerAddress } from '../../auth/caller-address.ts';
import { basicOf, bearerOf } from '../../auth/credentials.ts';
import { secretEquals } from '../../auth/secret-equals.ts';
import { readTriggerSecret } from '../../auth/trigger-secret.ts';
import { type VerifiedSignature, verifySignature } from '../../auth/verify-signature.ts';
import { RETRY_AFTER_S, withinRate } from '../../auth/within-rate.ts';
import { refuse } from '../../http/refused-request.ts';
import type { WorkerEnv } from '../../worker-env.ts';
import { isForeign } from './cors.ts';
import type { TriggerRoute } from './trigger-routes.ts';

/** Reads the body, at most once, and no more of it than a trigger takes. */
export type ReadBytes = () => Promise<Uint8Array<ArrayBuffer>>;

/**
 * Lets through who may use the trigger; of a signed request it gives what tells its repetitions. Where the trigger is public each address is counted, else each trigger; wrong credentials count against the
 * address that shows them.
 * @throws RefusedRequest: 401 for missing or wrong credentials, 403 for a foreign page that makes a browser send the user's password, 429 above the rate, 503 where the trigger's secret cannot be used.
 */
export async function checkCaller(
  route: TriggerRoute,
  request: Request,
  env: WorkerEnv,
  readBytes: ReadBytes,
): Promise<VerifiedSignature | undefined> {
  const { ensemble, trigger } = route;
  const name = `${ensemble.id} ${trigger.path}`;
  const address = callerAddress(request.headers);
  if (trigger.auth === undefined) {
    // A trigger that has neither is refused by the compiler; should one come here, it is nobody's.
    if (!trigger.public) refuse('unauthorized', 'This trigger lets nobody in.');
    await count(env, `trigger ${name} ${address}`);
    return undefined;
  }
  const { type } = trigger.auth;
  const secret = readTriggerSecret(trigger.auth, env, `the ${trigger.type} trigger ${trigger.path} of ${ensemble.file}`);
  if (secret === undefined) refuse('unavailable', 'This trigger is not set up.');
  const signature = type === 'signature' ? await verifySignature(request.headers, await readBytes(), secret, Date.now()) : undefined;
  const isKnown = type === 'signature' ? signature !== undefined : await hasSecret(type, request, secret);
  if (!isKnown) {
    await count(env, `stranger ${address}`);
    refuse('unauthorized', WRONG[type], { headers: CHALLENGES[type] });
  }
  // A browser adds a user's password to what any page makes it send.
  if (type === 'basic' && isForeign(route, request)) refuse('forbidden', 'Pages of this origin may not use the trigger.');
  await count(env, `trigger ${name}`);
  return signature;
}

/** Of a wrong signature is not told what is wrong with it. */
const WRONG = {
  bearer: 'Show the secret of the trigger as `Authorization: Bearer <secret>`.',
  basic: 'Show the user and the password of the trigger.',
  signature: 'The request must be signed with the secret of the trigger, over its body as it is sent and not long ago.',
} as const;

const CHALLENGES = {
  bearer: { 'www-authenticate': 'Bearer' },
  basic: { 'www-authenticate': 'Basic realm="ensemble", charset="UTF-8"' },
  // There is no scheme of this kind that a client could be asked for, and a 401 has to name one (RFC 9110 §11.6.1).
  signature: { 'www-authenticate': 'Signature' },
} as const;

async function hasSecret(type: 'bearer' | 'basic', request: Request, secret: string): Promise<boolean> {
  const given = type === 'bearer' ? bearerOf(request) : basicOf(request);
  return given !== undefined && secretEquals(given, secret);
}

async function count(env: WorkerEnv, key: string): Promise<void> {
  if (await withinRate(env, key)) return;
  refuse('too-many-requests', 'Come back later.', { headers: { 'retry-after': String(RETRY_AFTER_S) } });
}
