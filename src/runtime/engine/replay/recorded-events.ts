import type { EventBody, RunEvent } from '../../../program/run-event.ts';
import { findFileAgents, lineOf } from './event-lines.ts';

interface Line {
  readonly indexes: number[];
  next: number;
}

/** The recorded events whose order counts, by their index, and which of them are taken. */
export class RecordedEvents {
  readonly #events: readonly RunEvent[];
  readonly #fileAgents: ReadonlySet<string>;
  readonly #lines = new Map<string, Line>();
  readonly #taken: Uint8Array;
  #first = 0;

  constructor(events: readonly RunEvent[]) {
    this.#fileAgents = findFileAgents(events);
    this.#events = events.filter((event) => this.lineOf(event) !== undefined);
    for (const [index, event] of this.#events.entries()) {
      const name = this.lineOf(event) ?? '';
      const line = this.#lines.get(name);
      if (line === undefined) this.#lines.set(name, { indexes: [index], next: 0 });
      else line.indexes.push(index);
    }
    this.#taken = new Uint8Array(this.#events.length);
  }

  lineOf(event: EventBody): string | undefined {
    return lineOf(event, this.#fileAgents);
  }

  at(index: number | undefined): RunEvent | undefined {
    return index === undefined ? undefined : this.#events[index];
  }

  /** Of the first one that is not taken; of none when all are. */
  get first(): number {
    while (this.#taken[this.#first] === 1) this.#first += 1;
    return this.#first;
  }

  get isUsedUp(): boolean {
    return this.first >= this.#events.length;
  }

  take(index: number): void {
    this.#taken[index] = 1;
  }

  /** Of the next one of a line. */
  nextOf(name: string): number | undefined {
    const line = this.#lines.get(name);
    if (line === undefined) return undefined;
    while (line.next < line.indexes.length && this.#taken[line.indexes[line.next] ?? 0] === 1) line.next += 1;
    return line.indexes[line.next];
  }

  /** Those of a line that are not taken, the next one first. */
  *rest(name: string): Generator<RunEvent> {
    const line = this.#lines.get(name);
    if (line === undefined) return;
    for (let place = line.next; place < line.indexes.length; place += 1) {
      const index = line.indexes[place];
      const event = index === undefined || this.#taken[index] === 1 ? undefined : this.#events[index];
      if (event !== undefined) yield event;
    }
  }

  /** All that are not taken. */
  left(): readonly RunEvent[] {
    return this.#events.filter((_, index) => this.#taken[index] === 0);
  }

  /** Events lie in the order of their `seq`. */
  indexOf(seq: number): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#events[middle]?.seq ?? seq) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
