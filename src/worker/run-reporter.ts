import type { RunSummary } from '../program/host-calls.ts';
import type { Program } from '../program/program.ts';
import type { RunEvent } from '../program/run-event.ts';
import type { RunReport } from '../program/run-report.ts';
import { RunDigest } from '../runtime/journal/run-digest.ts';
import { openIndex } from './open-index.ts';
import type { WorkerEnv } from './worker-env.ts';

/**
 * Tells the index of runs what one run does: when it starts, waits, pauses, goes on and ends. One report is under way at a time, and the next tells how things stand then, so
 * a run that waits a thousand times in a second does not send a thousand.
 */
export class RunReporter {
  readonly #env: WorkerEnv;
  readonly #object: DurableObjectState;
  readonly #digest = new RunDigest();
  #reported = 0;
  #sending: Promise<void> | undefined;

  constructor(env: WorkerEnv, object: DurableObjectState) {
    this.#env = env;
    this.#object = object;
  }

  /**
   * Tells that a run is about to begin. Awaited before anything of it is kept: from then on whoever lists runs asks this object about it, whatever becomes of its later reports when the process ends.
   * Never throws.
   */
  async begin(run: string, { ensemble, file }: Pick<Program, 'ensemble' | 'file'>): Promise<void> {
    const now = Date.now();
    const summary: RunSummary = { run, ensemble, file, status: 'running', started_at: now, last_event_at: now, attempt: 1, steps: 0 };
    await openIndex(this.#env)
      ?.report({ summary, events: 0 })
      .catch(() => undefined);
  }

  /** Takes events that are in the journal by now, in order; those that it has already are left out. Never waits, never throws. */
  add(events: Iterable<RunEvent>): void {
    for (const event of events) if (event.seq >= this.#digest.events) this.#digest.add(event);
    if (this.#digest.changes === this.#reported || this.#sending !== undefined) return;
    this.#sending = this.#send().finally(() => {
      this.#sending = undefined;
    });
    this.#object.waitUntil(this.#sending);
  }

  /** Takes what the journal holds beyond the events that it was given; `read` gives the lines from a `seq` on. For an object that woke up after the run, or in the middle of it. */
  catchUp(read: (seq: number) => Iterable<string>): void {
    for (const line of read(this.#digest.events)) this.#digest.add(JSON.parse(line) as RunEvent);
  }

  /** Resolves once nothing is under way any more. */
  async settled(): Promise<void> {
    await this.#sending;
  }

  /** The run as it stands; undefined before its first event. */
  report(): RunReport | undefined {
    const summary = this.#digest.summary();
    if (summary === undefined) return undefined;
    const report = { summary, events: this.#digest.events };
    return summary.finished_at === undefined ? report : { ...report, agents: this.#digest.agents() };
  }

  async #send(): Promise<void> {
    const index = openIndex(this.#env);
    if (index === undefined) {
      this.#reported = this.#digest.changes;
      return;
    }
    try {
      while (this.#digest.changes > this.#reported) {
        this.#reported = this.#digest.changes;
        const report = this.report();
        if (report !== undefined) await index.report(report);
      }
    } catch {
      // The index is a cache of what the journal says: the next report, or whoever lists runs, puts it right.
    }
  }
}
