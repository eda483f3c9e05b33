/**
 * Reads and writes of data by names that come from data. Only own properties count: `constructor` or `__proto__` as a key is a key like any
 * other and never reaches a prototype (DESIGN §3: own data properties only).
 */

/** The own property `key` of an object, else undefined. Anything that is not an object has none. */
export function getOwn(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

/** Writes an own property, whatever its name: plain assignment to `__proto__` would change the prototype instead. */
export function setOwn<Value>(target: { [key: string]: Value }, key: string, value: Value): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  else target[key] = value;
}
