import type { RunEvent } from '../../program/run-event.ts';

/** A point of a run that one can look at, or fork from: an agent ended. Property names are those of `checkpoints --json`. */
export interface Checkpoint {
  /** From 1, in the order in which they came. */
  readonly number: number;
  /** Of the event that ended the agent. */
  readonly seq: number;
  readonly agent: string;
  readonly status: 'finished' | 'failed' | 'skipped';
  /** Epoch ms. */
  readonly at: number;
  /** Since the run started. */
  readonly after_ms: number;
  readonly duration_ms?: number;
  /** The state keys that it set. */
  readonly set: readonly string[];
}

/** The checkpoints of a run, from its events in their order. An agent that ran again after its end has one for each end. */
export class CheckpointReader {
  #startedAt: number | undefined;
  #number = 0;
  /** What an agent sets stands before its end. */
  readonly #set = new Map<string, readonly string[]>();

  /** The checkpoint that the event is, if it is one. */
  read(event: RunEvent): Checkpoint | undefined {
    this.#startedAt ??= event.at;
    switch (event.type) {
      case 'state.set':
        this.#set.set(event.agent, Object.keys(event.values));
        return undefined;
      case 'agent.finished':
        return this.#next(event, 'finished', event.duration_ms);
      case 'agent.failed':
        return this.#next(event, 'failed', event.duration_ms);
      case 'agent.skipped':
        return this.#next(event, 'skipped');
      default:
        return undefined;
    }
  }

  #next(event: RunEvent & { readonly agent: string }, status: Checkpoint['status'], duration_ms?: number): Checkpoint {
    const { seq, agent, at } = event;
    const set = this.#set.get(agent) ?? [];
    this.#set.delete(agent);
    this.#number += 1;
    const after_ms = Math.max(0, at - (this.#startedAt ?? at));
    return { number: this.#number, seq, agent, status, at, after_ms, ...(duration_ms === undefined ? {} : { duration_ms }), set };
  }
}
