import { randomBytes } from 'node:crypto';
import { type CodeMarks, readMarks } from '../../program/code-marks.ts';
import type { Failure } from '../../program/failure.ts';
import { WORKER_BINDINGS } from '../../program/host-protocol.ts';
import type { GuardedRuntime, RuntimeGuard } from './runtime-guard.ts';
import { cpuFailure, memoryFailure } from './watchdog-failures.ts';
import { isOverdue, MAX_CPU_LIMIT_MS, MEMORY_LIMIT_BYTES } from './watchdog-limits.ts';

/** What an attempt that was ended with its runtime fails with, once its run is resumed (WORKER_BINDINGS.verdicts). */
interface Verdict {
  readonly run: string;
  readonly agent: string;
  readonly failure: Failure;
}

export interface WatchdogPorts {
  /** Milliseconds that never go back. */
  now(): number;
  /** Bytes of memory that a process holds; undefined where that cannot be known. */
  readRss(pid: number): number | undefined;
}

/** How often `look` is to be called. */
export const LOOK_EVERY_MS = 100;
const PING_EVERY_MS = 250;
/** When no code was called for long. */
const IDLE_PING_EVERY_MS = 1_000;
const IDLE_AFTER_MS = 10_000;
/** This process itself stood still for so long, or the machine slept: nothing that was measured over that time means anything. */
const OWN_LAG_MS = 1_000;
/** A call is only blamed for memory that was taken while it was in flight. */
const LEAST_GROWTH_BYTES = MEMORY_LIMIT_BYTES / 4;
/** V8's words before it aborts the process. */
const HEAP_EXHAUSTED = /<--- Last few GCs --->|JavaScript heap out of memory/;

/**
 * Ends a workerd that a code body has stopped or filled, and finds out which one it was (DESIGN §4). workerd runs all isolates on one thread and has no limits of its own, so
 * 1. the worker tells which calls are in flight before they begin (`CodeMarks`), as far as they are not known to be quick;
 * 2. a worker that does not answer beyond the limit of what is in flight (`isOverdue`), or holds too much memory, is killed;
 * 3. when exactly one call was in flight, its attempt fails with the verdict in the workerd that comes next, and all else goes on from its journal;
 * 4. else nobody is blamed: the next workerd calls the bodies of resumed runs one at a time and tells each, and if it comes to that again, 3 holds.
 */
export class Watchdog implements RuntimeGuard {
  readonly #runtime: GuardedRuntime;
  readonly #ports: WatchdogPorts;
  readonly #secret = randomBytes(16).toString('hex');
  #pid: number | undefined;
  #marks: CodeMarks | undefined;
  #marksAt = 0;
  /** The question that was not answered yet. */
  #asked: { since: number } | undefined;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #lookedAt: number | undefined;
  #firstRss: number | undefined;
  #lastRss: number | undefined;
  /** Memory when the call that is in flight alone began. */
  #rssBefore: number | undefined;
  #cause: 'cpu' | 'memory' | undefined;
  #verdicts: readonly Verdict[] = [];
  #careful = false;

  constructor(runtime: GuardedRuntime, ports: WatchdogPorts) {
    this.#runtime = runtime;
    this.#ports = ports;
  }

  onRuntimeLine(line: string): boolean {
    const marks = readMarks(this.#secret, line);
    if (marks === undefined) {
      if (HEAP_EXHAUSTED.test(line)) this.#cause ??= 'memory';
      return false;
    }
    const { only } = marks;
    if (only === undefined || this.#marks?.only?.run !== only.run || this.#marks.only.agent !== only.agent) this.#rssBefore = this.#lastRss;
    this.#marks = marks;
    this.#marksAt = this.#ports.now();
    return true;
  }

  onStart(pid: number): void {
    this.#pid = pid;
    this.#marks = undefined;
    this.#asked = undefined;
    this.#answeredAt = Number.NEGATIVE_INFINITY;
    this.#firstRss = undefined;
    this.#cause = undefined;
  }

  /** What was in flight when the runtime went away is who did it, or nobody knows. */
  onExit(pid: number): void {
    if (pid !== this.#pid) return;
    this.#pid = undefined;
    const cause = this.#cause;
    const only = this.#marks?.only;
    this.#verdicts = [];
    if (cause === undefined) {
      this.#careful = false;
      return;
    }
    // It stays careful when it was: of several such bodies each is found in turn.
    if (only === undefined || (cause === 'memory' && !this.#grew())) {
      this.#careful = true;
      return;
    }
    const failure: Failure = cause === 'cpu' ? cpuFailure(only) : memoryFailure();
    this.#verdicts = [{ run: only.run, agent: only.agent, failure }];
  }

  variables(): Readonly<Record<string, string>> {
    return {
      [WORKER_BINDINGS.watchSecret]: this.#secret,
      ...(this.#verdicts.length === 0 ? {} : { [WORKER_BINDINGS.verdicts]: JSON.stringify(this.#verdicts) }),
      ...(this.#careful ? { [WORKER_BINDINGS.careful]: '1' } : {}),
    };
  }

  /** Looks after the runtime; called every LOOK_EVERY_MS. */
  look(): void {
    const now = this.#ports.now();
    const lagMs = this.#lookedAt === undefined ? 0 : now - this.#lookedAt;
    this.#lookedAt = now;
    if (this.#pid === undefined || this.#cause !== undefined) return;
    if (lagMs > OWN_LAG_MS) this.#forgive(now, lagMs);
    this.#measure(this.#pid);
    if (this.#cause !== undefined) return;
    if (this.#asked === undefined) this.#ask(now);
    else if (isOverdue({ ms: now - this.#asked.since, marks: this.#marks, marksAgeMs: now - this.#marksAt })) {
      this.#end('cpu', `it has not answered for ${Math.round(now - this.#asked.since)} ms`);
    }
  }

  #forgive(now: number, lagMs: number): void {
    if (this.#asked !== undefined) this.#asked.since = now;
    this.#marksAt += lagMs;
  }

  #measure(pid: number): void {
    const rss = this.#ports.readRss(pid);
    if (rss === undefined) return;
    this.#lastRss = rss;
    this.#rssBefore ??= rss;
    this.#firstRss ??= rss;
    if (rss - this.#firstRss > MEMORY_LIMIT_BYTES) this.#end('memory', `it holds ${Math.round(rss / 1024 ** 2)} MiB of memory`);
  }

  #grew(): boolean {
    // Where memory cannot be read, V8 itself has said so.
    if (this.#lastRss === undefined || this.#rssBefore === undefined) return true;
    return this.#lastRss - this.#rssBefore > LEAST_GROWTH_BYTES;
  }

  #ask(now: number): void {
    const idle = this.#runtime.working().length === 0 && (this.#marks?.calls ?? 0) === 0 && now - this.#marksAt > IDLE_AFTER_MS;
    if (now - this.#answeredAt < (idle ? IDLE_PING_EVERY_MS : PING_EVERY_MS)) return;
    const asked = { since: now };
    this.#asked = asked;
    // Failed or not: it was let go, and the next look asks again.
    void this.#runtime.ping(2 * MAX_CPU_LIMIT_MS).then((answered) => {
      if (this.#asked !== asked) return;
      this.#asked = undefined;
      if (answered) this.#answeredAt = this.#ports.now();
    });
  }

  #end(cause: 'cpu' | 'memory', why: string): void {
    this.#cause = cause;
    const only = this.#marks?.only;
    this.#runtime.kill(`${why}${only === undefined ? '' : ` while the agent "${only.agent}" of the run ${only.run} computes`}`);
  }
}
