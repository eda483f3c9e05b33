import { type ApiKey, parseApiKeys } from '../../program/api-keys.ts';
import type { Scope } from '../../program/api-scopes.ts';
import { WORKER_BINDINGS } from '../../program/host-protocol.ts';
import { warnOperator } from '../warn-operator.ts';
import type { WorkerEnv } from '../worker-env.ts';
import { bearerOf } from './credentials.ts';
import { digestEquals, digestOf } from './secret-equals.ts';

/** Who has shown a key of the API. */
export interface Caller {
  /** The key's name. */
  readonly name: string;
  /** Whether the key has that scope. A key that is for some ensembles only has it for nothing else: without an `ensemble` (its id) the answer is no. */
  may(scope: Scope, ensemble?: string): boolean;
}

/**
 * The caller whose key the request shows as `Authorization: Bearer <key>`; undefined when it shows none or a wrong one. Nobody gets in where the secret is missing or broken: the
 * log then says what is wrong with it, the caller learns nothing.
 */
export async function authenticate(request: Request, env: WorkerEnv): Promise<Caller | undefined> {
  const given = bearerOf(request);
  const keys = await readKeys(env[WORKER_BINDINGS.apiKeys]);
  if (given === undefined) return undefined;
  const digest = await digestOf(given);
  let found: ApiKey | undefined;
  // Every key is compared, also after the right one.
  for (const known of keys) if (digestEquals(digest, known.digest)) found = known.key;
  return found && callerOf(found);
}

interface KnownKey {
  readonly key: ApiKey;
  readonly digest: Uint8Array;
}

let read: { readonly text: string; readonly keys: Promise<readonly KnownKey[]> } | undefined;

/** The keys of the secret, which is read once while it stays the same. */
function readKeys(text: string | undefined): Promise<readonly KnownKey[]> | readonly KnownKey[] {
  if (text === undefined) return [];
  if (read?.text !== text) read = { text, keys: openKeys(text) };
  return read.keys;
}

async function openKeys(text: string): Promise<readonly KnownKey[]> {
  const parsed = parseApiKeys(text);
  const keys = parsed.type === 'keys' ? await Promise.all(parsed.keys.map(async (key) => ({ key, digest: await digestOfKey(key) }))) : [];
  const problem = parsed.type === 'keys' ? findTwins(keys) : parsed.message;
  if (problem === undefined) return keys;
  warnOperator(`Nobody can use the API: the secret ${WORKER_BINDINGS.apiKeys} cannot be used: ${problem}.`);
  return [];
}

/** Whoever shows a key that stands there twice would be either of two callers, with either's rights. */
function findTwins(keys: readonly KnownKey[]): string | undefined {
  const index = keys.findIndex(({ digest }, place) => keys.slice(0, place).some((earlier) => digestEquals(earlier.digest, digest)));
  return index === -1 ? undefined : `entry ${index + 1} ("${keys[index]?.key.name}") has the key of an earlier one`;
}

async function digestOfKey({ proof }: ApiKey): Promise<Uint8Array> {
  return 'key' in proof ? digestOf(proof.key) : Uint8Array.from(proof.sha256.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function callerOf({ name, scopes, ensembles }: ApiKey): Caller {
  return {
    name,
    may: (scope, ensemble) =>
      scopes.some((own) => own === scope || own === '*') &&
      (ensembles === undefined || (ensemble !== undefined && ensembles.includes(ensemble))),
  };
}
