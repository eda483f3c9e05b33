import { canonicalJson, sha256 } from '../../program/hash.ts';
import { WORKER_BINDINGS } from '../../program/host-protocol.ts';
import type { JsonValue } from '../../program/json.ts';
import type { Caller } from '../auth/api-keys.ts';
import type { StartOptions } from '../start-ensemble.ts';
import { refuse } from './refused-request.ts';
import type { ApiCall } from './routes/route.ts';

export const IDEMPOTENCY_HEADER = 'idempotency-key';
/** In the answer to whoever comes with the same key again. */
export const REPLAYED_HEADER = 'idempotency-replayed';
const KEPT_MS = 24 * 60 * 60 * 1000;
/** What ASCII can show, without spaces: a header given twice has one between them, and is refused. */
const VISIBLE = /^[\x21-\x7e]{1,255}$/;

/**
 * What the request's `Idempotency-Key` claims; undefined when it has none. A key is its caller's own, for one ensemble.
 * @throws RefusedRequest: 400 for what is no key, 503 where this Worker has nowhere to keep it.
 */
export async function readClaim(
  { request, env, caller }: Pick<ApiCall, 'request' | 'env'> & { readonly caller: Pick<Caller, 'name'> },
  ensemble: string,
  input: JsonValue,
): Promise<StartOptions['claim']> {
  const key = request.headers.get(IDEMPOTENCY_HEADER);
  if (key === null) return undefined;
  if (!VISIBLE.test(key)) refuse('bad-request', 'Idempotency-Key must be 1 to 255 visible ASCII characters, given once.');
  if (env[WORKER_BINDINGS.claims] === undefined) {
    refuse('unavailable', `Idempotency-Key needs the binding ${WORKER_BINDINGS.claims}, which this Worker does not have.`);
  }
  return {
    key: `api:${canonicalJson([caller.name, ensemble, key])}`,
    fingerprint: await sha256(canonicalJson([ensemble, input])),
    ttlMs: KEPT_MS,
  };
}
