import type { RunEvent } from '../../program/run-event.ts';
import type { Journal } from './journal.ts';

/** A journal that keeps its groups in memory, as they were written: for tests and measurements. */
export class MemoryJournal implements Journal {
  readonly groups: (readonly RunEvent[])[] = [];
  readonly #raw = new Map<number, RunEvent>();

  append(group: readonly RunEvent[], raw: readonly RunEvent[] = []): void {
    this.groups.push(group);
    for (const event of raw) this.#raw.set(event.seq, event);
  }

  /** As they are without redaction: what a resumed run starts from. */
  get unredacted(): readonly RunEvent[] {
    return this.#raw.size === 0 ? this.events : this.events.map((event) => this.#raw.get(event.seq) ?? event);
  }

  get events(): readonly RunEvent[] {
    return this.groups.flat();
  }
}
