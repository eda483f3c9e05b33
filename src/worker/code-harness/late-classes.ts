import { exports } from 'cloudflare:workers';

/*
 * Classes that no global names and of which an instance can only be had inside a request, so that `lockDown` cannot reach them. They are frozen when a body is about
 * to see the first instance.
 */

/** Before `lockDown`: the tokens that an HTMLRewriter hands its handlers are locked before a handler sees them. Sampling them ahead would cost each isolate milliseconds. */
export function lockHtmlTokens(): void {
  for (const name of ['on', 'onDocument'] as const) {
    const original: unknown = Reflect.get(HTMLRewriter.prototype, name);
    if (typeof original !== 'function') continue;
    const { guarded } = {
      guarded(this: unknown, ...values: unknown[]): unknown {
        return Reflect.apply(original, this, [...values.slice(0, -1), guardHandlers(values.at(-1))]);
      },
    };
    Object.defineProperty(HTMLRewriter.prototype, name, { value: guarded, writable: true, configurable: true, enumerable: true });
  }
}

/** Before a body is loaded: the stub of the harness itself, which bodies find in `cloudflare:workers`. */
export function lockHarnessStub(): void {
  const stub: unknown = Reflect.get(exports, 'CodeHarness');
  if ((typeof stub === 'object' || typeof stub === 'function') && stub !== null) lockClassOf(stub);
}

const HANDLERS = ['element', 'text', 'comments', 'doctype', 'end'];

function guardHandlers(handlers: unknown): unknown {
  if (typeof handlers !== 'object' || handlers === null) return handlers;
  const guarded = HANDLERS.flatMap((name): [string, unknown][] => {
    const handler: unknown = Reflect.get(handlers, name);
    return typeof handler === 'function' ? [[name, guardHandler(handler, handlers)]] : [];
  });
  return Object.fromEntries(guarded);
}

function guardHandler(handler: unknown, self: unknown): (token: object) => unknown {
  return (token) => {
    guardEndTag(token);
    lockClassOf(token);
    const attributes: unknown = Reflect.get(token, 'attributes');
    if (typeof attributes === 'object' && attributes !== null) lockClassOf(attributes);
    return Reflect.apply(handler as () => unknown, self, [token]);
  };
}

/** `element.onEndTag(handler)` hands out a token of one more class. */
function guardEndTag(token: object): void {
  const prototype: object = Object.getPrototypeOf(token);
  const original: unknown = Reflect.get(prototype, 'onEndTag');
  if (typeof original !== 'function' || Object.isFrozen(prototype)) return;
  const { onEndTag } = {
    onEndTag(this: unknown, handler: unknown): unknown {
      return Reflect.apply(original, this, [typeof handler === 'function' ? guardHandler(handler, undefined) : handler]);
    },
  };
  Object.defineProperty(prototype, 'onEndTag', { value: onEndTag });
}

function lockClassOf(instance: object): void {
  const prototype: object = Object.getPrototypeOf(instance);
  if (Object.isFrozen(prototype)) return;
  for (const { value, get, set } of Object.values(Object.getOwnPropertyDescriptors(prototype))) {
    for (const part of [value, get, set]) if (typeof part === 'function') Object.freeze(part);
  }
  Object.freeze(prototype);
}
