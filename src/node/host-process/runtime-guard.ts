/** What a guard sees of the runtime that it watches, and may do to it. */
export interface GuardedRuntime {
  /** Of the workerd that is up; undefined while none is. */
  readonly pid: number | undefined;
  /** Asks the Worker something that touches no object. False when the answer did not come within `timeoutMs`, or no workerd is up. */
  ping(timeoutMs: number): Promise<boolean>;
  /** The ids of runs that are known to be at work, as of the last time the worker was asked. */
  working(): readonly string[];
  /** Ends workerd at once; the next one starts with what `variables()` gives then. `reason` goes into the host's log. */
  kill(reason: string): void;
}

/** Watches over a workerd that has no limits of its own. Every method is called by the supervisor. */
export interface RuntimeGuard {
  /** A line that workerd wrote to its stdout or stderr. True = it was meant for the guard, and is kept nowhere else. */
  onRuntimeLine?(line: string): boolean;
  /** A workerd process has started; it does not answer yet. */
  onStart?(pid: number): void;
  /** A workerd is gone, by itself or because the guard killed it. It is called before `variables`. */
  onExit?(pid: number): void;
  /** Variables of the worker, by their names in WORKER_BINDINGS, for the workerd that starts next. */
  variables?(): Readonly<Record<string, string>>;
  close?(): void;
}

export type CreateGuard = (runtime: GuardedRuntime) => RuntimeGuard;
