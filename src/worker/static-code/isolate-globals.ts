import { ISOLATE_GLOBALS } from '../../language/code/javascript-globals.ts';
import type { CallLog } from '../code-harness/call-log.ts';
import type { CapturedConsole } from '../code-harness/captured-console.ts';
import type { DeployedNetwork } from '../deployment.ts';
import type { CallTimers } from './call-timers.ts';

/** A call of a body that is under way. */
export interface StaticCall {
  readonly log: CallLog;
  readonly timers: CallTimers;
}

export interface GlobalsOptions {
  readonly network: boolean;
  /** Absent = requests go wherever they say. */
  readonly guarded: DeployedNetwork | undefined;
  readonly console: CapturedConsole;
  /** The call that the running code is part of; throws where it is part of none. */
  call(): StaticCall;
}

/**
 * Fills `target` with the globals that code modules see: those of an isolate of the Worker Loader (`ISOLATE_GLOBALS`), each as it is or, where it would lead out of the module, to the Worker's
 * own global object or to other calls, in a version that does not.
 */
export function buildGlobals(target: object, options: GlobalsOptions): object {
  const replaced: Readonly<Record<string, unknown>> = {
    globalThis: target,
    self: target,
    console: options.console,
    ...localReplacements(options),
    ...(options.network && options.guarded?.outbound !== null ? networkOf(options) : NO_NETWORK),
  };
  for (const name of ISOLATE_GLOBALS) {
    // Inherited from Object.prototype, like those of every object.
    if (name in Object.prototype) continue;
    const value: unknown = Object.hasOwn(replaced, name) ? replaced[name] : Reflect.get(globalThis, name);
    if (value !== undefined) Object.defineProperty(target, name, { value, writable: true, configurable: true });
  }
  for (const name of ['undefined', 'NaN', 'Infinity']) {
    if (!Object.hasOwn(target, name)) Object.defineProperty(target, name, { value: Reflect.get(globalThis, name) });
  }
  return target;
}

/** What would reach other calls, or the global object. */
function localReplacements({ console, call }: GlobalsOptions): Readonly<Record<string, unknown>> {
  const refuse = (name: string) => () => {
    throw new TypeError(`${name} is not available on shared objects`);
  };
  return {
    setTimeout: (callback: unknown, ms?: unknown, ...values: unknown[]) => call().timers.set('setTimeout', callback, ms, values),
    setInterval: (callback: unknown, ms?: unknown, ...values: unknown[]) => call().timers.set('setInterval', callback, ms, values),
    clearTimeout: (id?: unknown) => call().timers.clear(id),
    clearInterval: (id?: unknown) => call().timers.clear(id),
    queueMicrotask: (callback: unknown) => {
      if (typeof callback !== 'function') throw new TypeError('queueMicrotask takes a function');
      queueMicrotask(() => callback());
    },
    // The platform takes them for methods of its global object: called as ones of this they would be refused.
    atob: (text: string) => atob(text),
    btoa: (text: string) => btoa(text),
    structuredClone: (value: unknown, options?: StructuredSerializeOptions) => structuredClone(value, options),
    reportError: (error: unknown) => console.error?.(error),
    addEventListener: refuse('addEventListener'),
    removeEventListener: refuse('removeEventListener'),
    dispatchEvent: refuse('dispatchEvent'),
    navigator: Object.freeze({ userAgent: navigator.userAgent }),
    caches: Object.freeze({ open: noCache, default: Object.freeze({ match: noCache, put: noCache, delete: noCache }) }),
    // Their prototypes have the Worker's own `fetch`.
    WorkerGlobalScope: illegal('WorkerGlobalScope'),
    ServiceWorkerGlobalScope: illegal('ServiceWorkerGlobalScope'),
  };
}

async function noCache(): Promise<never> {
  throw new Error('Code that runs as a module of the Worker has no cache.');
}

const NO_NETWORK_TEXT = 'This code is not permitted to access the internet.';

/** Each redirect is asked for anew, and so comes by the guard as well. */
function networkOf({ call, guarded }: GlobalsOptions): Readonly<Record<string, unknown>> {
  const { outbound, policy } = guarded ?? {};
  return {
    fetch: async (request: RequestInfo, init?: RequestInit): Promise<Response> => {
      call();
      return await (outbound ? outbound.fetch(request, init) : fetch(request, init));
    },
    ...(outbound && policy
      ? {
          // A WebSocket follows no redirect: its one address is looked at here, for it takes no way but the Worker's own.
          WebSocket: withArguments(WebSocket, (given, ...others) => {
            // Read once: an object may say something else each time.
            const url = String(given);
            const why = policy.refuse(new URL(url.replace(/^\s*ws/i, 'http')));
            if (why !== undefined) throw new TypeError(`The WebSocket is not opened: ${why}`);
            return [url, ...others];
          }),
          EventSource: withArguments(EventSource, (url, init) => [url, { ...Object(init), fetcher: outbound }]),
        }
      : {}),
  };
}

/** The class, made with the arguments that `change` gives. Instances name it as theirs: they would lead past it. */
function withArguments<Class extends { readonly prototype: object }>(
  type: Class,
  change: (...given: readonly unknown[]) => readonly unknown[],
): Class {
  const changed = new Proxy(type, {
    construct: (target, given: readonly unknown[], made) => Reflect.construct(target as never, change(...given), made) as object,
  });
  Object.defineProperty(type.prototype, 'constructor', { value: changed });
  return changed;
}

const NO_NETWORK: Readonly<Record<string, unknown>> = {
  fetch: async (): Promise<never> => {
    throw new Error(NO_NETWORK_TEXT);
  },
  // An instance of any of them leads to its class, which connects.
  WebSocket: withoutNetwork('WebSocket'),
  WebSocketPair: withoutNetwork('WebSocketPair'),
  EventSource: withoutNetwork('EventSource'),
};

function withoutNetwork(name: string): unknown {
  return class {
    static readonly name = name;
    constructor() {
      throw new Error(NO_NETWORK_TEXT);
    }
  };
}

function illegal(name: string): unknown {
  return class {
    static readonly name = name;
    constructor() {
      throw new TypeError('Illegal constructor');
    }
  };
}
