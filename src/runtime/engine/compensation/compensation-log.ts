import type { AgentStep } from '../../../program/program.ts';
import type { StepContext } from '../step-context.ts';

/** What undoes an agent that succeeded, with all that it may read as it stood then. */
export interface Compensation {
  readonly step: AgentStep;
  /** The agent that it undoes, as events name it. */
  readonly undoes: string;
  readonly context: StepContext;
}

interface Entry extends Compensation {
  /** Successes of the whole run are counted. */
  readonly order: number;
}

/**
 * What undoes the agents that succeeded in an ensemble and in the agent files that it runs (LANGUAGE §2.4). An ensemble that another one runs has its own: it undoes itself when
 * it fails, and what it did becomes its caller's to undo when it succeeds.
 */
export class CompensationLog {
  readonly #around: CompensationLog | undefined;
  readonly #count: { successes: number };
  #entries: Entry[] = [];

  constructor(around?: CompensationLog) {
    this.#around = around;
    this.#count = around === undefined ? { successes: 0 } : around.#count;
  }

  add(compensation: Compensation): void {
    this.#count.successes += 1;
    this.#entries.push({ ...compensation, order: this.#count.successes });
  }

  /** Hands everything to the ensemble around, for this one has succeeded. */
  handOver(): void {
    const around = this.#around;
    if (around === undefined) return;
    for (const entry of this.#entries) around.#entries.push(entry);
    this.#entries = [];
  }

  /** Takes everything out, what succeeded last first. */
  take(): readonly Compensation[] {
    const entries = this.#entries;
    this.#entries = [];
    return entries.sort((a, b) => b.order - a.order);
  }
}
