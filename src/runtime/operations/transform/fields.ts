import type { JsonObject, JsonValue } from '../../../program/json.ts';
import { getOwn, setOwn } from '../../own-property.ts';

/**
 * Reads a field of an item by name, or by a dotted path when no field has that very name. Own properties only; what is missing is undefined.
 */
export function readField(item: JsonValue | undefined, name: string): JsonValue | undefined {
  const own = getOwn(item, name) as JsonValue | undefined;
  if (own !== undefined || !name.includes('.')) return own;
  return name.split('.').reduce((value, part) => getOwn(value, part) as JsonValue | undefined, item);
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** An object from entries in which `__proto__` is a field like any other; later entries win. */
export function fromEntries(entries: Iterable<readonly [string, JsonValue]>): JsonObject {
  const object: { [key: string]: JsonValue } = {};
  for (const [key, value] of entries) setOwn(object, key, value);
  return object;
}

/** A text that is equal for equal values, whatever the order of their fields. */
export function canonicalText(value: JsonValue | undefined): string {
  if (isList(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? 'undefined';
  const fields = Object.keys(value).sort();
  return `{${fields.map((field) => `${JSON.stringify(field)}:${canonicalText(readOwn(value, field))}`).join(',')}}`;
}

function readOwn(value: JsonObject, field: string): JsonValue | undefined {
  return getOwn(value, field) as JsonValue | undefined;
}
