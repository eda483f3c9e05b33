import type { JsonObject, JsonValue } from '../../program/json.ts';
import type { Reducer } from '../../program/program.ts';

/**
 * How a written value joins the present one (LANGUAGE §4.4). `join` gives the new value, or undefined when the two cannot be joined;
 * `joins` says what it takes, for the message then; nobody knows that of one that an author wrote. A present value that is absent or null counts as nothing: the write starts afresh.
 */
export interface StateReducer {
  readonly joins?: string;
  join(current: JsonValue | undefined, write: JsonValue): JsonValue | undefined;
}

/**
 * | reducer | result |
 * |---|---|
 * | `replace` | the written value |
 * | `append` | the present list and the written one after it; a value that is no list is one item (to append a list as one item, write `[list]`) |
 * | `merge` | the present object with the written fields over it, one level deep |
 * | `add` | the sum of two numbers |
 * | `min`, `max` | the smaller or larger of two numbers, or of two texts by code units (ISO dates compare well) |
 * | `union` | as `append`, without items that are there already; equal by content, not by identity |
 */
export const REDUCERS: Readonly<Record<Reducer, StateReducer>> = {
  replace: { joins: 'anything', join: (_, write) => write },
  append: { joins: 'a list and a list or an item', join: (current, write) => withList(current, (list) => [...list, ...toItems(write)]) },
  merge: {
    joins: 'two objects',
    join: (current, write) => {
      const base = current ?? {};
      return isObject(base) && isObject(write) ? mergeFields(base, write) : undefined;
    },
  },
  add: {
    joins: 'two numbers with a finite sum',
    join: (current, write) => {
      const base = current ?? 0;
      if (typeof base !== 'number' || typeof write !== 'number') return undefined;
      const sum = base + write;
      return Number.isFinite(sum) ? sum : undefined;
    },
  },
  min: { joins: 'two numbers or two texts', join: (current, write) => pick(current, write, (left, right) => left <= right) },
  max: { joins: 'two numbers or two texts', join: (current, write) => pick(current, write, (left, right) => left >= right) },
  union: {
    joins: 'a list and a list or an item',
    join: (current, write) => withList(current, (list) => withoutRepeats([...list, ...toItems(write)])),
  },
};

function withList(current: JsonValue | undefined, join: (list: readonly JsonValue[]) => JsonValue): JsonValue | undefined {
  const list = current ?? [];
  return isList(list) ? join(list) : undefined;
}

function toItems(write: JsonValue): readonly JsonValue[] {
  return isList(write) ? write : [write];
}

/** Null-prototype, so that a field named `__proto__` is a field. */
function mergeFields(current: JsonObject, write: JsonObject): JsonObject {
  const merged: { [key: string]: JsonValue } = Object.create(null);
  for (const [key, value] of Object.entries(current)) merged[key] = value;
  for (const [key, value] of Object.entries(write)) merged[key] = value;
  return merged;
}

type Comparable = number | string;

function pick(
  current: JsonValue | undefined,
  write: JsonValue,
  keeps: (left: Comparable, right: Comparable) => boolean,
): JsonValue | undefined {
  if (!isComparable(write)) return undefined;
  if (current === undefined || current === null) return write;
  if (!isComparable(current) || typeof current !== typeof write) return undefined;
  return keeps(current, write) ? current : write;
}

function withoutRepeats(items: readonly JsonValue[]): readonly JsonValue[] {
  const seen = new Set<unknown>();
  return items.filter((item) => {
    const identity = identityOf(item);
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}

/** Primitives stand for themselves. Lists and objects get one text per content; the prefix keeps it apart from the strings among the items. */
function identityOf(item: JsonValue): unknown {
  if (typeof item === 'string') return `s${item}`;
  return typeof item === 'object' && item !== null ? `j${JSON.stringify(sortFields(item))}` : item;
}

function sortFields(value: JsonValue): unknown {
  if (isList(value)) return value.map(sortFields);
  if (!isObject(value)) return value;
  const sorted: { [key: string]: unknown } = Object.create(null);
  for (const key of Object.keys(value).sort()) sorted[key] = sortFields(value[key] ?? null);
  return sorted;
}

function isComparable(value: JsonValue): value is Comparable {
  return typeof value === 'number' || typeof value === 'string';
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
