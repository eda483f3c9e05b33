import { API_SCOPES, isScope, type Scope } from './api-scopes.ts';

/** Shorter keys can be guessed. */
const MIN_KEY_LENGTH = 16;

/** One entry of the secret `ENSEMBLE_API_KEYS`: who may do what. */
export interface ApiKey {
  /** Unique; it is what logs, rate limits and approvals name. */
  readonly name: string;
  /** Either the key itself or the SHA-256 of it, 64 hexadecimal digits in small letters. */
  readonly proof: { readonly key: string } | { readonly sha256: string };
  /** `*` = every scope. */
  readonly scopes: readonly (Scope | '*')[];
  /** The ids of the only ensembles that it is for; absent = all. */
  readonly ensembles?: readonly string[];
}

export type ParsedApiKeys =
  | { readonly type: 'keys'; readonly keys: readonly ApiKey[] }
  /** `message` says what is wrong, and never shows a key. */
  | { readonly type: 'broken'; readonly message: string };

/** Reads the secret. One wrong entry breaks the whole: a key that silently has other rights than were meant is worse than one that has none. */
export function parseApiKeys(text: string): ParsedApiKeys {
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch {
    return { type: 'broken', message: 'it is not JSON' };
  }
  if (!Array.isArray(entries)) return { type: 'broken', message: 'it is no list of keys' };
  const keys: ApiKey[] = [];
  for (const [index, entry] of entries.entries()) {
    const parsed = parseEntry(entry);
    if (typeof parsed === 'string') return { type: 'broken', message: `entry ${index + 1} ${parsed}` };
    if (keys.some(({ name }) => name === parsed.name))
      return { type: 'broken', message: `entry ${index + 1} has the name of an earlier one` };
    keys.push(parsed);
  }
  return { type: 'keys', keys };
}

/** What a key may be called. */
export const KEY_NAME = /^[A-Za-z0-9][\w.@-]{0,63}$/;
const MEMBERS: ReadonlySet<string> = new Set(['name', 'key', 'sha256', 'scopes', 'ensembles', 'description']);

/** A text says what is wrong, to follow "entry 1". */
function parseEntry(entry: unknown): ApiKey | string {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return 'is no object';
  const given = new Map<string, unknown>(Object.entries(entry));
  const name = given.get('name');
  if (typeof name !== 'string' || !KEY_NAME.test(name)) return 'has no `name` of letters, digits and . _ @ -';
  if ([...given.keys()].some((member) => !MEMBERS.has(member))) return `("${name}") has a member that is not known`;
  const proof = parseProof(given.get('key'), given.get('sha256'));
  if (typeof proof === 'string') return `("${name}") ${proof}`;
  const scopes = given.get('scopes');
  if (!Array.isArray(scopes) || !scopes.every(isScopeOrAll))
    return `("${name}") needs \`scopes\`: a list of "*", ${Object.keys(API_SCOPES).join(', ')}`;
  const ensembles = given.get('ensembles');
  if (ensembles === undefined) return { name, proof, scopes };
  if (!Array.isArray(ensembles) || !ensembles.every((id) => typeof id === 'string'))
    return `("${name}") has \`ensembles\` that are no list of ids`;
  return { name, proof, scopes, ensembles };
}

function parseProof(key: unknown, sha256: unknown): ApiKey['proof'] | string {
  if ((key === undefined) === (sha256 === undefined)) return 'needs either `key` or `sha256`';
  if (sha256 !== undefined) {
    if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/i.test(sha256)) return 'has a `sha256` that is not 64 hexadecimal digits';
    return { sha256: sha256.toLowerCase() };
  }
  if (typeof key !== 'string' || key.length < MIN_KEY_LENGTH) return `has a \`key\` of less than ${MIN_KEY_LENGTH} characters`;
  if (!/^[\x21-\x7e]+$/.test(key)) return 'has a `key` with characters that no header can carry';
  return { key };
}

function isScopeOrAll(value: unknown): value is Scope | '*' {
  return value === '*' || (typeof value === 'string' && isScope(value));
}
