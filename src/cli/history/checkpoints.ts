import type { RunEvent } from '../../program/run-event.ts';
import { UsageProblem } from '../usage-problem.ts';

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
  /** Since the run started; absent for what a fork kept of the run before it. */
  readonly after_ms?: number;
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
    const after_ms = at - (this.#startedAt ?? at);
    return {
      ...{ number: this.#number, seq, agent, status, at, set },
      ...(after_ms < 0 ? {} : { after_ms }),
      ...(duration_ms === undefined ? {} : { duration_ms }),
    };
  }
}

/**
 * Where among the events the checkpoint of that number is.
 * @throws UsageProblem when there is none.
 */
export function findCheckpoint(events: readonly RunEvent[], number: number): number {
  const reader = new CheckpointReader();
  let last = 0;
  for (const [index, event] of events.entries()) {
    const checkpoint = reader.read(event);
    if (checkpoint?.number === number) return index;
    last = checkpoint?.number ?? last;
  }
  const there = last === 0 ? 'no agent of it has ended yet' : `it has those from 1 to ${last}; ensemble checkpoints lists them`;
  throw new UsageProblem(`the run has no checkpoint ${number}: ${there}`);
}

/**
 * The agent that ended at the checkpoint of that number.
 * @throws UsageProblem when there is none.
 */
export function agentOfCheckpoint(events: readonly RunEvent[], number: number): string {
  const event = events[findCheckpoint(events, number)];
  return event !== undefined && 'agent' in event ? (event.agent ?? '') : '';
}
