import { sha256 } from '../../program/hash.ts';
import { WORKER_BINDINGS } from '../../program/host-protocol.ts';
import type { WorkerEnv } from '../worker-env.ts';
import type { Claim, ClaimAsk, ClaimObject } from './claim-object.ts';

/** Over so many objects the keys are spread: one takes about a thousand requests a second. Never changed: a key must be found where it was left. */
const PARTS = 64;

/**
 * Takes a key that may be used once, across all requests and places of this Worker: an `Idempotency-Key`, the id of a webhook or of a queue's message. `key` is any text; give it a prefix that
 * says what it is a key of.
 */
export async function claim(env: WorkerEnv, ask: ClaimAsk): Promise<Claim> {
  const hash = await sha256(ask.key);
  return partOf(env, hash).claim({ ...ask, key: hash });
}

/** Gives a key back when what it was taken for was not begun. */
export async function releaseClaim(env: WorkerEnv, key: string, run: string): Promise<void> {
  const hash = await sha256(key);
  await partOf(env, hash).release(hash, run);
}

function partOf(env: WorkerEnv, hash: string): DurableObjectStub<ClaimObject> {
  const namespace = env[WORKER_BINDINGS.claims];
  if (namespace === undefined) throw new Error(`this Worker has no binding ${WORKER_BINDINGS.claims}: \`ensemble doctor --fix\` adds it`);
  return namespace.getByName(`claims:${Number.parseInt(hash.slice(0, 8), 16) % PARTS}`);
}
