/**
 * The main module of the isolates in which `code` bodies run (DESIGN §1). Bundled into one text by scripts/build.ts; the worker hands it to the Worker Loader
 * together with the bodies. Nothing of the host is in here: the environment is empty, and without `network: true` every way out is closed.
 */

import { WorkerEntrypoint } from 'cloudflare:workers';
import { AsyncLocalStorage } from 'node:async_hooks';
import { CallLog } from './call-log.ts';
import { buildConsole } from './captured-console.ts';
import { deepFreeze } from './deep-freeze.ts';
import { describeError } from './describe-error.ts';
import { lockHarnessStub, lockHtmlTokens } from './late-classes.ts';
import { lockDown } from './lock-down.ts';
import { NotPlain, TooLarge, toPlain } from './plain-value.ts';
import type { CallText, HarnessPort, OutcomeText } from './protocol.ts';
import { renderText } from './render-text.ts';
import { StateFields } from './state-fields.ts';

/** In UTF-16 units, which may take two bytes each: an answer between isolates holds 32 MiB. Escapes make of 8 MiB of text up to six times as much. */
const MAX_ANSWER_LENGTH = 15 * 1024 * 1024;

type Body = (context: object) => unknown;

/** Bodies by module name; loading one again would give the same module. */
const bodies = new Map<string, Body>();
/** The calls under way that can be aborted. */
const aborts = new Map<string, () => void>();
/** What they have logged. */
const logs = new Map<string, CallLog>();
/** The log of the call that is running, for the one console of all calls. */
const current = new AsyncLocalStorage<CallLog>();
const console = buildConsole(() => current.getStore());

Object.defineProperty(globalThis, 'console', { value: console, writable: true, configurable: true });
lockHtmlTokens();
lockDown(await loadBuiltinModules());

export class CodeHarness extends WorkerEntrypoint implements HarnessPort {
  constructor(context: ExecutionContext, env: Cloudflare.Env) {
    super(context, env);
    // `import { env } from 'cloudflare:workers'` shows this object to every body.
    Object.freeze(env);
  }

  call(module: string, scope: string, id: string, keepAliveMs?: number): Promise<string> {
    const log = new CallLog();
    logs.set(id, log);
    return current.run(log, () => call(module, scope, id, log, keepAliveMs));
  }

  async takeLogs(id: string): Promise<string> {
    return JSON.stringify(logs.get(id)?.take() ?? []);
  }

  async abort(id: string): Promise<void> {
    aborts.get(id)?.();
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

async function call(module: string, scope: string, id: string, log: CallLog, keepAliveMs: number | undefined): Promise<string> {
  const controller = new AbortController();
  // Settled by another request: its continuation runs in this one, as whatever the body's listeners do must.
  const aborted = new Promise<void>((resolve) => aborts.set(id, resolve)).then(() => controller.abort());
  const keepAlive = keepAliveMs === undefined ? null : setTimeout(() => {}, keepAliveMs);
  try {
    const ended = callBody(module, JSON.parse(scope) as CallText, controller.signal, log);
    // A body that does not heed its signal is left behind, a turn later than it could have ended: what it logged still counts.
    const left = aborted.then(() => new Promise<void>((resolve) => setTimeout(resolve, 0))).then(() => renderCancelled(log));
    return await Promise.race([ended, left]);
  } finally {
    if (keepAlive !== null) clearTimeout(keepAlive);
    aborts.delete(id);
    logs.delete(id);
  }
}

async function callBody(module: string, scope: CallText, signal: AbortSignal, log: CallLog): Promise<string> {
  const fields = new StateFields();
  const context = {
    input: deepFreeze(scope.input),
    state: deepFreeze(scope.state),
    env: deepFreeze(scope.env),
    holes: scope.holes.map((hole) => hole[0]),
    agents: scope.agents,
    config: scope.config,
    console,
    signal,
    text: renderText,
    setState: (given: unknown): void => fields.set(given),
  };
  try {
    const body = bodies.get(module) ?? (await loadBody(module));
    const value = JSON.stringify(toPlain(await body(context))) ?? '';
    const text = `{"ok":true${value && `,"value":${value}`}${fields.render()},"logs":${JSON.stringify(log.takeLast())}}`;
    if (text.length > MAX_ANSWER_LENGTH) throw new TooLarge();
    return text;
  } catch (error) {
    const outcome: OutcomeText = { ok: false, ...describeEnd(error, module, signal), logs: log.takeLast() };
    return JSON.stringify(outcome);
  }
}

function renderCancelled(log: CallLog): string {
  const outcome: OutcomeText = { ok: false, code: 'CANCELLED', message: 'The call was aborted.', logs: log.takeLast() };
  return JSON.stringify(outcome);
}

function describeEnd(error: unknown, module: string, signal: AbortSignal): Omit<Extract<OutcomeText, { ok: false }>, 'ok' | 'logs'> {
  if (error instanceof TooLarge) return { code: 'OUTPUT_TOO_LARGE', message: error.message };
  if (error instanceof NotPlain) return { code: 'CODE_OUTPUT', message: `The code returned ${error.message}.` };
  return { code: signal.aborted ? 'CANCELLED' : 'CODE_ERROR', ...describeError(error, module) };
}

async function loadBody(module: string): Promise<Body> {
  lockHarnessStub();
  const { default: body } = (await import(module)) as { readonly default?: unknown };
  if (typeof body !== 'function') throw new TypeError('the script has no default export that is a function: export default (context) => …');
  // Other bodies can import this module: what they find must not be a place to leave things.
  Object.freeze(body);
  if (typeof body.prototype === 'object') Object.freeze(body.prototype);
  bodies.set(module, body as Body);
  return body as Body;
}

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
