import assert from 'node:assert/strict';
import type { JsonValue } from '../../../src/program/json.ts';
import type { Reducer } from '../../../src/program/program.ts';
import { FailureError } from '../../../src/runtime/failure.ts';
import type { Commit, Committed, Loaded, StateBackend, StateChange } from '../../../src/runtime/state/backend.ts';
import { REDUCERS } from '../../../src/runtime/state/reducers.ts';

export interface Write {
  readonly value: JsonValue;
  readonly reducer?: Reducer;
  readonly tainted?: boolean;
  readonly at?: number;
  readonly validUntil?: number;
  readonly agent?: string;
  readonly attempt?: number;
  readonly deleted?: true;
}

export interface CommitOptions {
  readonly onConflict?: Commit['onConflict'];
  readonly run?: string;
  readonly id?: string;
  readonly reduce?: Commit['reduce'];
}

/** Commits as a session does: each value joined to the base's by its reducer. */
export function commit(
  backend: StateBackend,
  scope: string,
  base: Loaded,
  writes: Readonly<Record<string, Write>>,
  options: CommitOptions = {},
) {
  return commitAll(backend, scope, base, Object.entries(writes), options);
}

export function commitAll(
  backend: StateBackend,
  scope: string,
  base: Loaded,
  writes: readonly (readonly [string, Write])[],
  options: CommitOptions = {},
): Promise<Committed> {
  const reducers = new Map(writes.map(([key, write]) => [key, write.reducer ?? 'replace']));
  const join = (key: string, current: JsonValue | undefined, write: JsonValue) => {
    const joined = REDUCERS[reducers.get(key) ?? 'replace'].join(current, write);
    assert.notEqual(joined, undefined);
    return joined as JsonValue;
  };
  const changes = writes.map(([key, write]): StateChange => {
    const current = Object.hasOwn(base.values, key) ? base.values[key] : undefined;
    return {
      key,
      value: join(key, current, write.value),
      writes: [write.value],
      tainted: write.tainted ?? false,
      agent: write.agent ?? 'writer',
      at: write.at ?? 1_000,
      replaces: (write.reducer ?? 'replace') === 'replace',
      ...(write.validUntil === undefined ? {} : { validUntil: write.validUntil }),
      ...(write.attempt === undefined ? {} : { attempt: write.attempt }),
      ...(write.deleted === undefined ? {} : { deleted: write.deleted }),
    };
  });
  const { onConflict = 'merge', run = 'run-1', id, reduce = join } = options;
  return backend.commit(scope, { run, base, changes, onConflict, reduce, ...(id === undefined ? {} : { id }) });
}

export function assertValues(loaded: Loaded, expected: Readonly<Record<string, unknown>>): void {
  assert.equal(JSON.stringify(sorted(loaded.values)), JSON.stringify(sorted(expected)));
}

export function sorted(values: object): [string, unknown][] {
  return Object.entries(values).sort(([left], [right]) => (left < right ? -1 : 1));
}

export async function assertRefused(act: Promise<unknown>, code: string): Promise<void> {
  await assert.rejects(act, (error: unknown) => {
    assert.ok(error instanceof FailureError, String(error));
    assert.equal(error.failure.code, code);
    return true;
  });
}

export function nest(depth: number): JsonValue {
  let value: JsonValue = 'bottom';
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { down: value };
  return value;
}

export const JSON_VALUES: readonly JsonValue[] = [
  null,
  true,
  false,
  0,
  -1.5,
  1e308,
  5e-324,
  9007199254740991,
  '',
  'text',
  ' spaces \n\t\r ',
  'quotes \' " ` \\ ${x} */ --',
  'ünïcödé 漢字 🚀 \u0000 \u2028',
  'half of a pair \ud83d',
  [],
  {},
  [null, [1, [2, [3]]], { a: { b: [] } }],
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1, "": 2, "toString": null, "then": "x"}') as JsonValue,
  nest(400),
];

export const ODD_KEYS = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'toString',
  'then',
  'a.b',
  "a'b",
  'a"b',
  'a\\b',
  'a\nb',
  'a\u0000b',
  '$[0]',
  '0',
  '-1',
  'ключ',
  '漢字',
  '🚀',
  '%2F',
  '?1',
];

export const SIMILAR_SCOPES = [
  '',
  ' ',
  '/',
  '/a',
  '%2Fa',
  'A',
  'a',
  '-',
  '_',
  "'; DROP TABLE _ensemble_state; --",
  '"',
  '?',
  ':',
  '\u00e4',
  'a\u0308',
  '__proto__',
  '🚀',
];
