import { FORBIDDEN_PROPERTIES } from '../../program/expression-vocabulary.ts';
import { toKey } from './coerce.ts';

/**
 * Reads an own property of data; anything else is undefined (LANGUAGE §3.1): properties of null and undefined, inherited ones, functions, and
 * `__proto__`, `constructor`, `prototype` whatever they hold. Strings have their `length` and characters.
 */
export function readOwn(value: unknown, key: string): unknown {
  if (value === null || value === undefined) return undefined;
  if (FORBIDDEN_PROPERTIES.has(key) || !Object.hasOwn(value, key)) return undefined;
  const found = (value as Readonly<Record<string, unknown>>)[key];
  return typeof found === 'function' ? undefined : found;
}

/** The same by a computed key. */
export function readIndex(value: unknown, key: unknown): unknown {
  if (typeof key === 'number' && Array.isArray(value)) {
    return key >= 0 && key < value.length && Number.isInteger(key) ? value[key] : undefined;
  }
  return readOwn(value, typeof key === 'string' ? key : toKey(key));
}

/**
 * Sets a property of an object that an expression makes. A key `__proto__` is dropped: it could never be read, and code further on that
 * copies by assignment would take it for a prototype.
 */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') target[key] = value;
}
