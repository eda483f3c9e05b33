/**
 * Freezes everything that the bodies of one isolate share, before any of them is loaded: what `roots` are or lead to (the global object with the language's own objects
 * and the platform's classes, and what a body could import). After that no call can leave anything behind where another call, of another agent or another run, would find it.
 * Listeners, which freezing does not reach, are refused on shared objects.
 */
export function lockDown(roots: readonly unknown[]): void {
  forgetMatches();
  const shared = new Set<object>();
  const queue: unknown[] = [...roots, ...HIDDEN_INTRINSICS.map((sample) => sample())];
  // Everything is visited before anything is frozen: reading a lazy property may define it.
  while (queue.length > 0) {
    const value = queue.pop();
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || shared.has(value)) continue;
    shared.add(value);
    queue.push(Object.getPrototypeOf(value), ...ownValues(value), ...accessorValues(value));
  }
  refuseListeners(shared);
  for (const prototype of OVERRIDDEN) allowOverrides(prototype);
  for (const object of shared) freeze(object);
}

/** `RegExp.$1`, `RegExp.$_` and the other old statics: the engine keeps the last matched text there, whoever matched it. Freezing would not stop that. */
function forgetMatches(): void {
  for (const key of Reflect.ownKeys(RegExp)) {
    const property = Object.getOwnPropertyDescriptor(RegExp, key);
    if (typeof key === 'string' && property?.get !== undefined) Reflect.deleteProperty(RegExp, key);
  }
}

function freeze(object: object): void {
  try {
    Object.freeze(object);
  } catch {
    // Some objects of the platform refuse to be frozen; none of them takes new properties.
    Object.preventExtensions(object);
  }
}

/** Not in ES2024's types yet. */
const ITERATOR = Reflect.get(globalThis, 'Iterator') as { from(source: object): object & { map(change: () => unknown): object } };

/** Samples of what no global names: the prototypes of generators, async functions and iterators. */
const HIDDEN_INTRINSICS: readonly (() => object)[] = [
  () => function* () {},
  () => async () => {},
  () => async function* () {},
  () => (function* () {})(),
  () => (async function* () {})(),
  () => [][Symbol.iterator](),
  () => new Map()[Symbol.iterator](),
  () => new Set()[Symbol.iterator](),
  () => ''[Symbol.iterator](),
  () => ''.matchAll(/./g),
  () => ITERATOR.from({ next: () => ({ done: true, value: undefined }) }),
  () => ITERATOR.from([]).map(() => undefined),
  () => new Uint8Array(),
  () => new Intl.Segmenter().segment(''),
  () => new Intl.Segmenter().segment('')[Symbol.iterator](),
  () => new ReadableStream()[Symbol.asyncIterator](),
  ...[() => new URLSearchParams(), () => new Headers(), () => new FormData()].flatMap((open) => [
    () => open().entries(),
    () => open().keys(),
    () => open().values(),
  ]),
];

/** The data properties and accessors of the object itself. */
function ownValues(object: object): readonly unknown[] {
  return Reflect.ownKeys(object).flatMap((key) => {
    const property = Object.getOwnPropertyDescriptor(object, key);
    return property === undefined ? [] : [property.value, property.get, property.set];
  });
}

/**
 * What the accessors along the prototype chain give for this object: `crypto.subtle`, `caches.default`, the lazy globals. Read from objects that are not prototypes,
 * which refuse to be read.
 */
function accessorValues(object: object): readonly unknown[] {
  if (typeof object === 'function' || Object.hasOwn(object, 'constructor')) return object === globalThis ? readAll(object) : [];
  return readAll(object);
}

function readAll(object: object): readonly unknown[] {
  const values: unknown[] = [];
  for (let holder: object | null = object; holder !== null && holder !== Object.prototype; holder = Object.getPrototypeOf(holder)) {
    for (const key of Reflect.ownKeys(holder)) {
      if (Object.getOwnPropertyDescriptor(holder, key)?.get === undefined) continue;
      try {
        values.push(Reflect.get(object, key));
      } catch {
        // It cannot be read here, so nothing can be kept in it either.
      }
    }
  }
  return values;
}

/** A listener on a shared object would hear what other calls dispatch there. The global scope has such methods of its own. */
function refuseListeners(shared: ReadonlySet<object>): void {
  for (const holder of shared) {
    for (const name of ['addEventListener', 'dispatchEvent']) {
      const original: unknown = Object.getOwnPropertyDescriptor(holder, name)?.value;
      if (typeof original !== 'function') continue;
      // A method: a plain function would have a `prototype` that is shared and not frozen.
      const { guarded } = {
        guarded(this: unknown, ...values: unknown[]): unknown {
          // Called by its bare name it means the global scope.
          if (this === undefined || this === null || shared.has(this)) throw new TypeError(`${name} is not available on shared objects`);
          return Reflect.apply(original, this, values);
        },
      };
      Object.defineProperty(holder, name, { value: Object.freeze(guarded), writable: true, configurable: true, enumerable: true });
    }
  }
}

/** Prototypes whose properties ordinary code assigns on its own objects: `error.name = …`, `object.toString = …`. */
const OVERRIDDEN: readonly object[] = [
  Object.prototype,
  Function.prototype,
  Array.prototype,
  ...[Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError, AggregateError].map((type) => type.prototype),
];

/**
 * In strict code an assignment fails when the prototype has a frozen property of that name. An accessor instead, whose setter defines the property on the object
 * itself, keeps such code working and the prototype unchanged.
 */
function allowOverrides(prototype: object): void {
  for (const key of Reflect.ownKeys(prototype)) {
    const property = Object.getOwnPropertyDescriptor(prototype, key);
    if (property?.configurable !== true || property.get !== undefined || property.set !== undefined) continue;
    // Methods of lists are called often and hardly ever overridden: an accessor would only make them slow.
    if (prototype === Array.prototype && key !== 'toString') continue;
    const { value, enumerable = false } = property;
    const get = (): unknown => value;
    const { set } = {
      set(this: unknown, own: unknown): void {
        if (this === prototype || typeof this !== 'object' || this === null) {
          if (typeof this !== 'function') throw new TypeError(`Cannot assign to "${String(key)}" of a shared object`);
        }
        Object.defineProperty(this, key, { value: own, writable: true, enumerable: true, configurable: true });
      },
    };
    Object.defineProperty(prototype, key, { get: Object.freeze(get), set: Object.freeze(set), enumerable, configurable: false });
  }
}
