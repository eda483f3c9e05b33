import type { Miniflare } from 'miniflare';
import { HOST_ROUTES } from '../../program/host-protocol.ts';
import { ConnectionLost, HostError } from '../host-error.ts';
import type { LocalWorker } from '../miniflare-options.ts';
import { buildMiniflareOptions } from '../miniflare-options.ts';
import { openMiniflare } from '../open-miniflare.ts';
import { watchWorkerd } from '../workerd-watch.ts';
import type { CreateGuard, GuardedRuntime, RuntimeGuard } from './runtime-guard.ts';

/** The worker as it is started: all but what the supervisor adds. */
export type SupervisedWorker = Omit<LocalWorker, 'onRuntimeLine'>;

export interface SupervisorOptions {
  readonly worker: SupervisedWorker;
  readonly guards: readonly CreateGuard[];
  /** A workerd was started; it has not read its configuration yet. */
  onStart(pid: number): void;
  /** Another workerd is up in place of one that died; the runs that were at work there are for the caller to resume. */
  onRecovered(): void;
  /** No workerd starts any more: the host is of no use. */
  onGivenUp(): void;
  /** What is worth a line in the host's log. */
  log(line: string): void;
  /** A line that workerd wrote and that no guard took. */
  onRuntimeLine?(line: string): void;
}

const KEPT_RUNTIME_LINES = 40;
/** So many starts in a row may fail before the host gives up. */
const MAX_FAILED_STARTS = 3;
/** A workerd that lived for less than this died of what it began with: the next one is started after a pause, so that it does not spin. */
const SHORT_LIFE_MS = 1_000;
const LONGEST_PAUSE_MS = 5_000;
/** Only a name; no request ever leaves for it. */
const WORKER_ORIGIN = 'http://ensemble.localhost';

/**
 * Keeps a workerd up: starts it, restarts it when it dies or is to be given other options, and hands requests to it. A request that is on its way when workerd goes away fails
 * with `ConnectionLost`; one that comes while another is being started waits for it.
 */
export class RuntimeSupervisor implements GuardedRuntime {
  readonly #options: SupervisorOptions;
  readonly #guards: readonly RuntimeGuard[];
  readonly #lines: string[] = [];
  readonly #unwatch: () => void;
  #worker: SupervisedWorker;
  #miniflare: Miniflare | undefined;
  #pid: number | undefined;
  #startedAt = 0;
  #shortLives = 0;
  /** The last one that a guard ended. */
  #killed: number | undefined;
  /** The start that is under way or was the last; it rejects when there is no workerd and none will come. */
  #up: Promise<void> = Promise.resolve();
  #closed: Promise<void> | undefined;
  #working: readonly string[] = [];

  private constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#worker = options.worker;
    this.#guards = options.guards.map((create) => create(this));
    this.#unwatch = watchWorkerd(
      options.worker.mark,
      (pid) => this.#begin(pid),
      (pid) => this.#recover(pid),
    );
  }

  /** @throws what Miniflare says when workerd does not start. */
  static async open(options: SupervisorOptions): Promise<RuntimeSupervisor> {
    const supervisor = new RuntimeSupervisor(options);
    try {
      const miniflare = await openMiniflare(supervisor.#currentWorker());
      supervisor.#miniflare = miniflare;
      await miniflare.ready;
      return supervisor;
    } catch (error) {
      await supervisor.close();
      throw error;
    }
  }

  get pid(): number | undefined {
    return this.#pid;
  }

  /** The last lines that workerd wrote. */
  get runtimeLines(): readonly string[] {
    return this.#lines;
  }

  working(): readonly string[] {
    return this.#working;
  }

  /** What the worker was last heard to be at work on. */
  noteWorking(runs: readonly string[]): void {
    this.#working = runs;
  }

  async ping(timeoutMs: number): Promise<boolean> {
    const miniflare = this.#miniflare;
    if (this.#pid === undefined || miniflare === undefined) return false;
    try {
      const response = await miniflare.dispatchFetch(WORKER_ORIGIN + HOST_ROUTES.ping, { signal: AbortSignal.timeout(timeoutMs) });
      await response.arrayBuffer();
      return true;
    } catch {
      return false;
    }
  }

  /** The worker's answer to a request of the host (HOST_ROUTES). @throws ConnectionLost */
  async fetch(route: string, init: { readonly method: string; readonly headers: Record<string, string>; readonly body?: string }) {
    await this.#settled();
    const miniflare = this.#running();
    try {
      return await miniflare.dispatchFetch(WORKER_ORIGIN + route, init);
    } catch (error) {
      throw this.lost(error);
    }
  }

  /** The emulator itself, for what only it can open. */
  async withMiniflare<Result>(act: (miniflare: Miniflare) => Promise<Result>): Promise<Result> {
    await this.#settled();
    return act(this.#running());
  }

  /** The error for an answer that broke off, with what workerd said last. */
  lost(cause: unknown): ConnectionLost {
    const tail = this.#lines.length === 0 ? '' : `\nThe runtime's last lines:\n${this.#lines.join('\n')}`;
    return new ConnectionLost(`the runtime ended before the run did${tail}`, true, { cause });
  }

  /** Ends workerd and starts another, with other options when they are given. */
  restart(change: Partial<SupervisedWorker> = {}): Promise<void> {
    this.#worker = { ...this.#worker, ...change };
    return this.#startAgain(0);
  }

  kill(reason: string): void {
    const pid = this.#pid;
    if (pid === undefined || this.#closed !== undefined) return;
    this.#options.log(`ending the runtime (pid ${pid}): ${reason}`);
    // Its end is then noticed as any other.
    this.#killed = pid;
    process.kill(pid, 'SIGKILL');
  }

  close(): Promise<void> {
    this.#closed ??= (async () => {
      for (const guard of this.#guards) guard.close?.();
      await this.#up.catch(() => {});
      await this.#miniflare?.dispose();
      this.#unwatch();
    })();
    return this.#closed;
  }

  #currentWorker(): LocalWorker {
    const variables: Record<string, string> = Object.assign({}, ...this.#guards.map((guard) => guard.variables?.()));
    return { ...this.#worker, variables: { ...this.#worker.variables, ...variables }, onRuntimeLine: (line) => this.#hear(line) };
  }

  #hear(line: string): void {
    // Each guard hears it, also when another one took it.
    const taken = this.#guards.map((guard) => guard.onRuntimeLine?.(line) === true).includes(true);
    if (taken) return;
    if (this.#lines.push(line) > KEPT_RUNTIME_LINES) this.#lines.shift();
    this.#options.onRuntimeLine?.(line);
  }

  #begin(pid: number): void {
    this.#pid = pid;
    this.#startedAt = performance.now();
    this.#options.onStart(pid);
    for (const guard of this.#guards) guard.onStart?.(pid);
  }

  /** A workerd ended that Miniflare had not ended. */
  #recover(pid: number): void {
    if (pid !== this.#pid) return;
    this.#gone(pid);
    // A start that is under way ends with an error of its own.
    if (this.#closed !== undefined || this.#miniflare === undefined || this.#starting) return;
    this.#options.log(`the runtime (pid ${pid}) ended: ${this.#lines.slice(-3).join(' | ')}`);
    // One that a guard ended was up: what it died of is known, and not met again.
    const short = pid !== this.#killed && performance.now() - this.#startedAt < SHORT_LIFE_MS;
    this.#shortLives = short ? this.#shortLives + 1 : 0;
    const pauseMs = this.#shortLives < 2 ? 0 : Math.min(100 * 2 ** this.#shortLives, LONGEST_PAUSE_MS);
    this.#startAgain(pauseMs).then(
      () => this.#options.onRecovered(),
      (error: unknown) => {
        this.#options.log(`the runtime could not be started again: ${error instanceof Error ? error.message : error}`);
        this.#options.onGivenUp();
      },
    );
  }

  #gone(pid: number): void {
    this.#pid = undefined;
    for (const guard of this.#guards) guard.onExit?.(pid);
  }

  #starting = false;

  #startAgain(pauseMs: number): Promise<void> {
    const start = async (): Promise<void> => {
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      for (let failed = 0; ; ) {
        if (this.#closed !== undefined) return;
        this.#starting = true;
        try {
          const before = this.#pid;
          if (before !== undefined) this.#gone(before);
          await this.#running().setOptions(buildMiniflareOptions(this.#currentWorker()));
          return;
        } catch (error) {
          failed += 1;
          if (failed === MAX_FAILED_STARTS) throw error;
        } finally {
          this.#starting = false;
        }
      }
    };
    const next = this.#up.catch(() => {}).then(start);
    this.#up = next;
    next.catch(() => {});
    return next;
  }

  /** Resolves when no start is under way. @throws HostError when the last one failed for good. */
  async #settled(): Promise<void> {
    for (let seen: Promise<void> | undefined; seen !== this.#up; ) {
      seen = this.#up;
      try {
        await seen;
      } catch (error) {
        throw new HostError(`the runtime does not start: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      }
    }
  }

  #running(): Miniflare {
    if (this.#miniflare === undefined || this.#closed !== undefined) throw new ConnectionLost('the host was closed', false);
    return this.#miniflare;
  }
}
