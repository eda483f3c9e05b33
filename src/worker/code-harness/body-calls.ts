import { CallLog } from './call-log.ts';
import type { CapturedConsole } from './captured-console.ts';
import { deepFreeze } from './deep-freeze.ts';
import { describeError } from './describe-error.ts';
import { NotPlain, TooLarge, toPlain } from './plain-value.ts';
import type { CallText, HarnessPort, OutcomeText } from './protocol.ts';
import { renderText } from './render-text.ts';
import { StateFields } from './state-fields.ts';

/** In UTF-16 units, which may take two bytes each: an answer between isolates holds 32 MiB. Escapes make of 8 MiB of text up to six times as much. */
const MAX_ANSWER_LENGTH = 15 * 1024 * 1024;

type Body = (context: object) => unknown;

/** Where bodies run. */
export interface BodyHost {
  /** Of all calls: its lines go to the log of the call that `enter` was given. */
  readonly console: CapturedConsole;
  /** The namespace of a module. */
  load(module: string): Promise<{ readonly default?: unknown }>;
  /** Makes the call, such that whatever it does is known to be of that log. */
  enter<Result>(log: CallLog, call: () => Promise<Result>): Promise<Result>;
}

/** Calls bodies for the engine, wherever they run: JSON text in, JSON text out. */
export class BodyCalls implements HarnessPort {
  readonly #host: BodyHost;
  /** Bodies by module name; loading one again would give the same module. */
  readonly #bodies = new Map<string, Body>();
  /** The calls under way that can be aborted. */
  readonly #aborts = new Map<string, () => void>();
  /** What they have logged. */
  readonly #logs = new Map<string, CallLog>();

  constructor(host: BodyHost) {
    this.#host = host;
  }

  call(module: string, scope: string, id: string, keepAliveMs?: number): Promise<string> {
    const log = new CallLog();
    this.#logs.set(id, log);
    return this.#host.enter(log, () => this.#call(module, scope, id, log, keepAliveMs));
  }

  async takeLogs(id: string): Promise<string> {
    return JSON.stringify(this.#logs.get(id)?.take() ?? []);
  }

  async abort(id: string): Promise<void> {
    this.#aborts.get(id)?.();
  }

  #call(module: string, scope: string, id: string, log: CallLog, keepAliveMs: number | undefined): Promise<string> {
    const controller = new AbortController();
    const keepAlive = keepAliveMs === undefined ? null : setTimeout(() => {}, keepAliveMs);
    return new Promise((resolve, reject) => {
      const forget = (): void => {
        if (keepAlive !== null) clearTimeout(keepAlive);
        this.#aborts.delete(id);
        this.#logs.delete(id);
      };
      const end = (text: string): void => {
        forget();
        resolve(text);
      };
      // Settled by another request: its continuation runs in this one, as whatever the body's listeners do must.
      void new Promise<void>((abort) => this.#aborts.set(id, abort)).then(() => {
        controller.abort();
        // A body that does not heed its signal is left behind, a turn later than it could have ended: what it logged still counts.
        setTimeout(() => end(renderCancelled(log)), 0);
      });
      this.#callBody(module, JSON.parse(scope) as CallText, controller.signal, log).then(end, (error: unknown) => {
        forget();
        reject(error);
      });
    });
  }

  async #callBody(module: string, scope: CallText, signal: AbortSignal, log: CallLog): Promise<string> {
    const fields = new StateFields();
    const context = {
      input: deepFreeze(scope.input),
      state: deepFreeze(scope.state),
      env: deepFreeze(scope.env),
      holes: scope.holes.map((hole) => hole[0]),
      agents: scope.agents,
      config: scope.config,
      console: this.#host.console,
      signal,
      text: renderText,
      setState: (given: unknown): void => fields.set(given),
    };
    try {
      const body = this.#bodies.get(module) ?? (await this.#loadBody(module));
      const value = JSON.stringify(toPlain(await body(context))) ?? '';
      const text = `{"ok":true${value && `,"value":${value}`}${fields.render()},"logs":${JSON.stringify(log.takeLast())}}`;
      if (text.length > MAX_ANSWER_LENGTH) throw new TooLarge();
      return text;
    } catch (error) {
      const outcome: OutcomeText = { ok: false, ...describeEnd(error, module, signal), logs: log.takeLast() };
      return JSON.stringify(outcome);
    }
  }

  async #loadBody(module: string): Promise<Body> {
    const { default: body } = await this.#host.load(module);
    if (typeof body !== 'function')
      throw new TypeError('the script has no default export that is a function: export default (context) => …');
    // Other bodies can import this module: what they find must not be a place to leave things.
    Object.freeze(body);
    if (typeof body.prototype === 'object') Object.freeze(body.prototype);
    this.#bodies.set(module, body as Body);
    return body as Body;
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
