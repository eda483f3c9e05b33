import type { JsonObject, JsonValue } from '../../../program/json.ts';
import { getOwn } from '../../own-property.ts';
import { describeValue } from '../../schema/describe.ts';
import { Config } from '../config.ts';
import type { Operation } from '../operation.ts';
import { compareValues } from './compare.ts';
import { canonicalText, fromEntries, isList, isObject, readField } from './fields.ts';
import { filterItems } from './filter.ts';

const LIST_KEYS = ['filter', 'dedupe', 'sort', 'limit'] as const;
const SHAPING_KEYS = ['pick', 'omit', 'rename', 'defaults', ...LIST_KEYS];
const KEYS = ['value', 'merge', ...SHAPING_KEYS];

/**
 * LANGUAGE §5 `transform`: shapes `value`, or what `merge` joins (objects field by field, later ones win; lists end to end). Whatever order the
 * file has them in, the steps run as: `defaults` · `filter` · `dedupe` · `sort` · `limit` choose among whole items, then `pick` · `omit` · `rename` shape each one. So
 * a list can be sorted by a field that is not picked; and every step takes a field by its old or its new name.
 */
export const transform: Operation = {
  name: 'transform',
  effect: false,
  taints: false,
  run(given) {
    const config = new Config('transform', given, KEYS);
    if (config.has('value') && config.has('merge')) throw config.invalid('takes either "value" or "merge", found both');
    const whole = config.has('merge') ? merge(config) : (config.raw('value') ?? null);
    if (!SHAPING_KEYS.some((key) => config.has(key))) return { output: whole };
    const shape = buildShape(config);
    if (isList(whole)) return { output: chooseItems(config, whole.map(shape.complete), shape.oldName).map(shape.reshape) };
    const listStep = LIST_KEYS.find((key) => config.has(key));
    if (listStep !== undefined) throw config.invalid(`needs a list for "${listStep}", found ${describeValue(whole)}`);
    return { output: shape.reshape(shape.complete(whole)) };
  },
};

function merge(config: Config): JsonValue {
  const parts = (config.list('merge') ?? []).filter((part) => part !== null && part !== undefined);
  if (parts.every(isObject)) return fromEntries(parts.flatMap((part) => Object.entries(part)));
  if (parts.every(isList)) return parts.flat();
  throw config.invalid(`merges objects, or lists, but not both or anything else; found ${parts.map(describeValue).join(', ')}`);
}

function chooseItems(config: Config, items: readonly JsonValue[], nameOf: (field: string) => string): readonly JsonValue[] {
  const sorted = sortItems(config, dedupeItems(config, filterItems(config, items, nameOf), nameOf), nameOf);
  return sorted.slice(0, config.number('limit', { min: 0, integer: true }) ?? sorted.length);
}

/** `dedupe: true` compares whole items, a field or a list of fields only these; the first of equal items stays. */
function dedupeItems(config: Config, items: readonly JsonValue[], nameOf: (field: string) => string): readonly JsonValue[] {
  const fields = fieldsOf(config, 'dedupe');
  if (fields === undefined) return items;
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = fields.length === 0 ? canonicalText(item) : canonicalText(fields.map((field) => readField(item, nameOf(field)) ?? null));
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** `sort: price`, `-price` (descending), a list of such, or `true` for the items themselves. Equal items keep their order; missing and null come last. */
function sortItems(config: Config, items: readonly JsonValue[], nameOf: (field: string) => string): readonly JsonValue[] {
  const fields = fieldsOf(config, 'sort');
  if (fields === undefined) return items;
  const keys = fields.map((field) => ({ name: nameOf(field.replace(/^-/, '')), sign: field.startsWith('-') ? -1 : 1 }));
  return items.toSorted((left, right) => {
    if (keys.length === 0) return compareOrLast(left, right, 1);
    for (const { name, sign } of keys) {
      const order = compareOrLast(readField(left, name) ?? null, readField(right, name) ?? null, sign);
      if (order !== 0) return order;
    }
    return 0;
  });
}

function compareOrLast(left: JsonValue, right: JsonValue, sign: number): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return sign * compareValues(left, right);
}

/** The fields under a key; none for `true` (the whole item); undefined when the step is not wanted. */
function fieldsOf(config: Config, key: 'sort' | 'dedupe'): readonly string[] | undefined {
  const value = config.value(key);
  if (value === undefined || value === false) return undefined;
  return value === true ? [] : config.texts(key);
}

interface Shape {
  /** Fills in `defaults` where a field is missing or null. */
  complete(item: JsonValue): JsonValue;
  /** Applies `pick`, `omit` and `rename`. Anything but an object passes as it is. */
  reshape(item: JsonValue): JsonValue;
  /** The name under which an item carries the field that an author calls `field`, before `rename`. */
  oldName(field: string): string;
}

function buildShape(config: Config): Shape {
  const defaults = config.mapping('defaults');
  const rename = readRename(config);
  const oldNames = new Map([...rename].map(([from, to]) => [to, from]));
  const oldName = (field: string) => oldNames.get(field) ?? field;
  const pick = config.texts('pick')?.map(oldName);
  const omit = new Set(config.texts('omit')?.map(oldName));
  return {
    oldName,
    complete: (item) => (defaults === undefined || !isObject(item) ? item : withDefaults(item, defaults, oldName)),
    reshape: (item) => {
      if (!isObject(item)) return item;
      const kept = pick === undefined ? Object.keys(item) : pick.filter((field) => Object.hasOwn(item, field));
      return fromEntries(
        kept.filter((field) => !omit.has(field)).map((field) => [rename.get(field) ?? field, getOwn(item, field) as JsonValue]),
      );
    },
  };
}

function withDefaults(item: JsonObject, defaults: JsonObject, oldName: (field: string) => string): JsonObject {
  const missing = Object.entries(defaults).filter(([field]) => (getOwn(item, oldName(field)) ?? null) === null);
  return fromEntries([...Object.entries(item), ...missing.map(([field, value]) => [oldName(field), value] as const)]);
}

function readRename(config: Config): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [from, to] of Object.entries(config.mapping('rename') ?? {})) {
    if (typeof to !== 'string') throw config.invalid(`needs "rename" to map names to names, found ${describeValue(to)} for "${from}"`);
    names.set(from, to);
  }
  return names;
}
