/**
 * The platform calls handlers that are set as `object.onmessage = …` with the global object as `this`, and code in this isolate must not get hold of that. Their setters, on the
 * classes that the globals name, are replaced by ones that bind a handler to its object.
 */
export function bindHandlers(globals: readonly object[]): void {
  for (const prototype of new Set(globals.flatMap(prototypesOf))) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      const { set, configurable } = property;
      if (!name.startsWith('on') || set === undefined || configurable !== true) continue;
      const { bound } = {
        bound(this: unknown, handler: unknown): void {
          const given =
            typeof handler === 'function' ? (...values: unknown[]) => Reflect.apply(handler as () => unknown, this, values) : handler;
          Reflect.apply(set, this, [given]);
        },
      };
      Object.defineProperty(prototype, name, { ...property, set: bound });
    }
  }
}

function prototypesOf(globals: object): readonly object[] {
  return Object.getOwnPropertyNames(globals).flatMap((name) => {
    const value: unknown = Reflect.get(globals, name);
    const prototype: unknown = typeof value === 'function' ? value.prototype : undefined;
    return typeof prototype === 'object' && prototype !== null ? [prototype] : [];
  });
}
