import type { JsonValue } from '../../program/json.ts';
import { failure } from '../failure.ts';
import { getOwn } from '../own-property.ts';
import { describeValue } from '../schema/describe.ts';
import type { Loaded } from './backend.ts';
import type { KeyRules } from './key-rules.ts';

/** What a key holds now. `expiresAt` is epoch ms, Infinity without `valid_for`. */
export interface Entry {
  readonly value: JsonValue;
  readonly expiresAt: number;
  readonly tainted: boolean;
}

export interface EntrySource {
  readonly rules: KeyRules;
  readonly loaded: Loaded;
  readonly now: number;
  readonly initial: ReadonlyMap<string, JsonValue>;
  /** Begins the message about a stored value that does not fit. */
  readonly where: string;
}

/** The evaluated `initial`, checked key by key (STATE_TYPE); a value that is undefined is left out. */
export function readInitial(rules: KeyRules, initial: unknown): ReadonlyMap<string, JsonValue> {
  const values = new Map<string, JsonValue>();
  if (initial === undefined || initial === null) return values;
  if (typeof initial !== 'object' || Array.isArray(initial)) {
    throw failure('STATE_TYPE', `state.initial: expected an object of keys and values, found ${describeValue(initial)}`);
  }
  for (const [key, value] of Object.entries(initial)) {
    const rule = rules.find(key, 'state.initial');
    if (value === undefined) continue;
    const problem = rule.check(value);
    if (problem !== undefined) throw failure('STATE_TYPE', `state.initial sets "${key}"${problem}`);
    values.set(key, value);
  }
  return values;
}

/** What a run begins with: stored, else initial, else the default. With a schema, in its order and without keys that it does not declare. */
export function buildEntries(source: EntrySource, initialTainted: boolean): Map<string, Entry> {
  const { rules, loaded, initial } = source;
  const entries = new Map<string, Entry>();
  const keys = rules.open ? new Set([...initial.keys(), ...Object.keys(loaded.values)]) : rules.declared.keys();
  for (const key of keys) {
    const entry = Object.hasOwn(loaded.values, key) ? entryFromLoaded(source, key) : firstEntry(source, key, initialTainted);
    if (entry !== undefined) entries.set(key, entry);
  }
  return entries;
}

/** A stored key; undefined when it has expired. Throws STATE_TYPE when what is stored no longer matches the schema. */
export function entryFromLoaded({ rules, loaded, now, where }: EntrySource, key: string): Entry | undefined {
  const value = getOwn(loaded.values, key) as JsonValue;
  const rule = rules.declared.get(key);
  const writtenAt = getOwn(loaded.writtenAt, key);
  const expiresAt = (typeof writtenAt === 'number' ? writtenAt : now) + (rule?.validForMs ?? Infinity);
  if (now >= expiresAt) return undefined;
  const problem = rule?.check(value);
  if (problem !== undefined) {
    throw failure(
      'STATE_TYPE',
      `${where} holds a value for "${key}" that state.schema does not allow${problem}. Mend the stored value or the schema`,
    );
  }
  return { value, expiresAt, tainted: loaded.tainted.includes(key) };
}

/** What a key holds that the backend lacks: its `initial`, else its default. */
export function firstEntry({ rules, initial }: EntrySource, key: string, initialTainted: boolean): Entry | undefined {
  const given = initial.get(key);
  if (given !== undefined) return { value: given, expiresAt: Infinity, tainted: initialTainted };
  const fallback = rules.declared.get(key)?.default;
  return fallback === undefined ? undefined : { value: fallback, expiresAt: Infinity, tainted: false };
}
