import type { JsonValue } from '../program/json.ts';
import type { EventBody } from '../program/run-event.ts';
import { onAbort } from './on-abort.ts';
import type { SignalsPort, TakenSignal } from './ports.ts';

interface Waiter {
  readonly agent: string;
  /** Absent for one that only the record knows: its agent has not begun anew yet. */
  settle?: (taken: TakenSignal) => void;
}

/**
 * The signals of one run and the agents that wait for them. Who gets which is decided once and can be read in the journal, so that a resumed run, which was told its record by `recall`, gives
 * each agent the same again:
 * 1. A signal goes to the agent that waits longest for its name; its `run.signalled` names that agent (`taker`).
 * 2. A signal that nobody waits for is kept; the first `run.waiting` that names it takes the oldest.
 * 3. A signal that was given is used up, whatever becomes of the attempt that took it.
 */
export class OpenSignals implements SignalsPort {
  /** By the signal's name, oldest first. */
  readonly #kept = new Map<string, TakenSignal[]>();
  readonly #waiting = new Map<string, Waiter[]>();
  /** By the path of the agent, when the record says that it got a signal and not that it ended. */
  readonly #given = new Map<string, TakenSignal>();

  /** Takes in what is recorded of an earlier life of the run, event by event, before anything is taken or given. */
  recall(event: EventBody): void {
    switch (event.type) {
      case 'run.signalled':
        if (event.agent === undefined) this.#keep(event.name, event);
        else {
          this.#forget(event.agent);
          this.#given.set(event.agent, signalOf(event));
        }
        return;
      case 'run.waiting': {
        const { agent, signal } = event;
        if (event.reason !== 'signal' || signal === undefined || this.#given.has(agent)) return;
        const kept = this.#kept.get(signal)?.shift();
        if (kept === undefined) this.#listOf(signal).push({ agent });
        else this.#given.set(agent, kept);
        return;
      }
      case 'attempt.failed':
      case 'agent.failed':
      case 'agent.finished':
        this.#forget(event.agent);
        this.#given.delete(event.agent);
        return;
      default:
    }
  }

  take(agent: string, name: string, signal: AbortSignal): Promise<TakenSignal> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const given = this.#given.get(agent) ?? this.#kept.get(name)?.shift();
    this.#given.delete(agent);
    if (given !== undefined) return Promise.resolve(given);
    const waiters = this.#listOf(name);
    const waiter: Waiter = waiters.find((known) => known.agent === agent && known.settle === undefined) ?? { agent };
    if (!waiters.includes(waiter)) waiters.push(waiter);
    return new Promise((resolve, reject) => {
      const leave = onAbort(signal, () => {
        this.#remove(name, waiter);
        reject(signal.reason);
      });
      waiter.settle = (taken) => {
        leave();
        resolve(taken);
      };
    });
  }

  /** The agent that a signal of that name would go to now; what `run.signalled` has to say before `give`. */
  taker(name: string): string | undefined {
    return this.#waiting.get(name)?.[0]?.agent;
  }

  /** Hands a signal to its `taker`, or keeps it. */
  give(name: string, data: JsonValue | undefined): void {
    const signal = signalOf({ data });
    const waiter = this.#waiting.get(name)?.shift();
    if (waiter === undefined) this.#keep(name, signal);
    else if (waiter.settle === undefined) this.#given.set(waiter.agent, signal);
    else waiter.settle(signal);
  }

  #keep(name: string, { data }: { readonly data?: JsonValue | undefined }): void {
    const kept = this.#kept.get(name) ?? [];
    this.#kept.set(name, kept);
    kept.push(signalOf({ data }));
  }

  #listOf(name: string): Waiter[] {
    const known = this.#waiting.get(name) ?? [];
    this.#waiting.set(name, known);
    return known;
  }

  #remove(name: string, waiter: Waiter): void {
    const waiters = this.#listOf(name);
    const position = waiters.indexOf(waiter);
    if (position !== -1) waiters.splice(position, 1);
  }

  /** An agent waits for one signal at a time. */
  #forget(agent: string): void {
    for (const [name, waiters] of this.#waiting) {
      const waiter = waiters.find((known) => known.agent === agent);
      if (waiter !== undefined) this.#remove(name, waiter);
    }
  }
}

function signalOf({ data }: { readonly data?: JsonValue | undefined }): TakenSignal {
  return data === undefined ? {} : { data };
}
