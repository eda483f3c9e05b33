import { sha256 } from '../../../program/hash.ts';

/** Workers KV's own limit, in bytes. */
const MAX_KEY_BYTES = 512;

/** Whose entries they are: all iterations of an agent share theirs, agents do not. */
export function cacheOwner(ensemble: string, path: string): string {
  return `${ensemble}/${path.replaceAll(/\[\d+\]/g, '')}`;
}

/**
 * The name of an entry in KV: `cache:<ensemble>/<agent>:<SHA-256 of the key>`, the key as canonical JSON. Names that lie so deep that KV would refuse the whole are hashed
 * as well.
 */
export async function buildCacheKey(owner: string, key: string): Promise<string> {
  const hash = await sha256(key);
  const name = `cache:${owner}:${hash}`;
  return new TextEncoder().encode(name).length <= MAX_KEY_BYTES ? name : `cache:${await sha256(owner)}:${hash}`;
}

/** Whether a key in KV may be the name of an entry: of a storage agent's own data it can be no more than a coincidence. */
export function isCacheKey(key: string): boolean {
  return /^cache:.+:[0-9a-f]{64}$/s.test(key);
}
