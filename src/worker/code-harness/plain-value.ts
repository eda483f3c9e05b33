const MAX_DEPTH = 1_000;

/** Why a value cannot leave the isolate. The message ends the sentence “The code returned …”; `path` is where in it, as the author would write it. */
export class NotPlain extends Error {
  constructor(path: string, reason: string) {
    super(path === '' ? reason : `an object whose ${path} is ${reason}`);
  }
}

/** What the body hands on is longer than `MAX_OUTPUT_LENGTH` as JSON. */
export class TooLarge extends Error {
  constructor(message = 'The code returned more than 8 MiB of JSON.') {
    super(message);
  }
}

/** 8 MiB (FAILURE_CODES.OUTPUT_TOO_LARGE), in UTF-16 units of JSON text, escapes not counted. */
export const MAX_OUTPUT_LENGTH = 8 * 1024 * 1024;

/** Where the walk is: the objects around the value, their fields' names that lead to it, and how much room is left. */
interface Walk {
  readonly parents: Set<object>;
  /** Not as a text, which would be made anew for each value. */
  readonly names: (string | number)[];
  left: number;
}

/**
 * The value as plain JSON data, as `JSON.stringify` would see it (`toJSON` is called, undefined fields are left out, NaN is null), but what it would
 * turn into something else without a word, or fail on, is refused with its path: functions, symbols, BigInts, cycles, maps, sets, errors, promises, bytes. Throws `NotPlain`, or `TooLarge` as
 * soon as that much was seen: a small value may repeat a large one a million times.
 */
export function toPlain(value: unknown): unknown {
  return plain(value, { parents: new Set(), names: [], left: MAX_OUTPUT_LENGTH });
}

function plain(value: unknown, walk: Walk): unknown {
  walk.left -= typeof value === 'string' ? value.length + 2 : 2;
  if (walk.left < 0) throw new TooLarge();
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'object':
      return value === null ? null : plainObject(value, walk);
    default:
      throw new NotPlain(pathOf(walk), NOUNS[typeof value] ?? 'no JSON value');
  }
}

const NOUNS: Readonly<Record<string, string>> = {
  function: 'a function',
  symbol: 'a symbol',
  bigint: 'a BigInt (write String(value), or Number(value) where it fits)',
};

function plainObject(value: object, walk: Walk): unknown {
  if (walk.parents.has(value)) throw new NotPlain(pathOf(walk), 'the object that contains it (a cycle)');
  if (walk.parents.size >= MAX_DEPTH) throw new NotPlain('', `a value nested deeper than ${MAX_DEPTH} levels`);
  walk.parents.add(value);
  const copy = Array.isArray(value) ? plainList(value, walk) : plainFields(value, walk);
  walk.parents.delete(value);
  return copy;
}

function plainList(list: readonly unknown[], walk: Walk): unknown {
  return Array.from(list, (item, index) => below(index, item, walk) ?? null);
}

function plainFields(value: object, walk: Walk): unknown {
  if ('toJSON' in value && typeof value.toJSON === 'function') return plain(value.toJSON(String(walk.names.at(-1) ?? '')), walk);
  const refused = REFUSED.find(([type]) => value instanceof type);
  if (refused !== undefined) throw new NotPlain(pathOf(walk), refused[1]);
  if (value instanceof Number || value instanceof String || value instanceof Boolean) return plain(value.valueOf(), walk);
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    walk.left -= name.length + 3;
    const field = below(name, Reflect.get(value, name), walk);
    if (field === undefined) continue;
    // To define a field takes three times as long as an assignment, by which `__proto__` would be lost, and what is frozen in Object.prototype refused.
    if (name in Object.prototype) Object.defineProperty(copy, name, { value: field, enumerable: true });
    else copy[name] = field;
  }
  return copy;
}

function below(name: string | number, value: unknown, walk: Walk): unknown {
  walk.names.push(name);
  const found = plain(value, walk);
  walk.names.pop();
  return found;
}

const REFUSED: readonly (readonly [new (...values: never[]) => object, string])[] = [
  [Promise, 'a promise (await it)'],
  [Map, 'a Map (write Object.fromEntries(map))'],
  [Set, 'a Set (write [...set])'],
  [WeakMap, 'a WeakMap'],
  [WeakSet, 'a WeakSet'],
  [Error, 'an Error (throw it, or return its message)'],
  [RegExp, 'a regular expression'],
  [ArrayBuffer, 'bytes (encode them as text)'],
  [Object.getPrototypeOf(Uint8Array), 'bytes (write [...bytes], or encode them as text)'],
  [DataView, 'bytes (encode them as text)'],
  [Response, 'a Response (return await response.json(), or .text())'],
  [ReadableStream, 'a stream'],
];

/** Where the walk is, as the author would write it. */
function pathOf({ names }: Walk): string {
  let path = '';
  for (const name of names) {
    if (typeof name === 'number') path += `[${name}]`;
    else if (!/^[A-Za-z_$][\w$]*$/.test(name)) path += `[${JSON.stringify(name)}]`;
    else path += path === '' ? name : `.${name}`;
  }
  return path;
}
