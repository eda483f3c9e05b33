import type { RunEvent } from '../../program/run-event.ts';
import type { Journal } from './journal.ts';

/** A journal that keeps its groups in memory, as they were written: for tests and measurements. */
export class MemoryJournal implements Journal {
  readonly groups: (readonly RunEvent[])[] = [];

  append(group: readonly RunEvent[]): void {
    this.groups.push(group);
  }

  get events(): readonly RunEvent[] {
    return this.groups.flat();
  }
}
