/**
 * The main module of the isolates in which `code` bodies run (DESIGN §1). Bundled into one text by scripts/build.ts; the worker hands it to the Worker Loader
 * together with the bodies. Nothing of the host is in here: the environment is empty, and without `network: true` every way out is closed.
 */

import { WorkerEntrypoint } from 'cloudflare:workers';
import { AsyncLocalStorage } from 'node:async_hooks';
import { BodyCalls } from './body-calls.ts';
import type { CallLog } from './call-log.ts';
import { buildConsole } from './captured-console.ts';
import { lockHarnessStub, lockHtmlTokens } from './late-classes.ts';
import { lockDown } from './lock-down.ts';
import type { HarnessPort } from './protocol.ts';

/** The log of the call that is running, for the one console of all calls. */
const current = new AsyncLocalStorage<CallLog>();
const console = buildConsole(() => current.getStore());
const calls = new BodyCalls({
  console,
  load: (module) => {
    lockHarnessStub();
    return import(module);
  },
  enter: (log, call) => current.run(log, call),
});

Object.defineProperty(globalThis, 'console', { value: console, writable: true, configurable: true });
lockHtmlTokens();
lockDown([globalThis, ...(await loadBuiltinModules()).flatMap((module) => Object.values(module))]);

export class CodeHarness extends WorkerEntrypoint implements HarnessPort {
  constructor(context: ExecutionContext, env: Cloudflare.Env) {
    super(context, env);
    // `import { env } from 'cloudflare:workers'` shows this object to every body.
    Object.freeze(env);
  }

  call(module: string, scope: string, id: string, keepAliveMs?: number): Promise<string> {
    return calls.call(module, scope, id, keepAliveMs);
  }

  takeLogs(id: string): Promise<string> {
    return calls.takeLogs(id);
  }

  abort(id: string): Promise<void> {
    return calls.abort(id);
  }
}

// Every body can import this module by its name: with another `call` in place of this one it would be handed what all later calls are given.
for (const shared of [
  CodeHarness,
  CodeHarness.prototype,
  CodeHarness.prototype.call,
  CodeHarness.prototype.abort,
  CodeHarness.prototype.takeLogs,
])
  Object.freeze(shared);

/** What a body could import of the platform: frozen like everything else. Names that this platform does not have are passed over. */
async function loadBuiltinModules(): Promise<readonly object[]> {
  const names = [
    'cloudflare:workers',
    'cloudflare:sockets',
    'cloudflare:workflows',
    'cloudflare:node',
    'cloudflare:ai',
    'cloudflare:br',
    'cloudflare:vectorize',
  ];
  const loaded = [...names, 'node:process', 'node:async_hooks'].map(async (name): Promise<object> => {
    try {
      return (await import(name)) as object;
    } catch {
      return {};
    }
  });
  return Promise.all(loaded);
}
