/* What an attack on expressions could leave behind. Plain JavaScript alone, so that it runs in Node and in workerd. */

const WATCHED: Readonly<Record<string, object>> = {
  Object,
  Array,
  Function,
  String,
  Number,
  Boolean,
  Date,
  RegExp,
  Map,
  Set,
  Promise,
  JSON,
  Math,
  'Object.prototype': Object.prototype,
  'Array.prototype': Array.prototype,
  'Function.prototype': Function.prototype,
  'String.prototype': String.prototype,
  'Number.prototype': Number.prototype,
  'Boolean.prototype': Boolean.prototype,
  'Date.prototype': Date.prototype,
  'RegExp.prototype': RegExp.prototype,
  'Promise.prototype': Promise.prototype,
};

/** The own keys of all that expressions could reach if they reached anything, and of the global scope. */
export function describeWorld(): Readonly<Record<string, string>> {
  const watched = Object.entries(WATCHED).map(([name, value]) => [name, Reflect.ownKeys(value).map(String).sort().join()]);
  return Object.fromEntries([...watched, ['global', Object.getOwnPropertyNames(globalThis).sort().join()]]);
}

/** What of a value is no data: functions, symbols, objects of the host, and accessors. A key `__proto__` of data is a key like any other. */
export function findStray(value: unknown): string | undefined {
  const stray = strayIn(value, new Set());
  return stray === undefined ? undefined : `value${stray}`;
}

/** `seen`: a value may hold a large one a thousand times over. */
function strayIn(value: unknown, seen: Set<object>): string | undefined {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') return ` is a ${typeof value}`;
  if (typeof value !== 'object' || value === null || value instanceof Date || seen.has(value)) return undefined;
  seen.add(value);
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) return ' has a prototype of its own';
  for (const key of Reflect.ownKeys(value)) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (descriptor?.get !== undefined || descriptor?.set !== undefined) return `.${String(key)} is an accessor`;
    const stray = strayIn(descriptor?.value, seen);
    if (stray !== undefined) return `.${String(key)}${stray}`;
  }
  return undefined;
}
