import type { EventBody, RunEvent } from '../../../program/run-event.ts';

/** The events that only tell of something, whose place does not matter: one that the walk tells again is not written twice. */
export class ToldEvents {
  readonly #counts = new Map<string, number>();

  constructor(events: readonly RunEvent[]) {
    for (const event of events) {
      const name = nameOf(event);
      if (name !== undefined) this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    }
  }

  take(event: EventBody): boolean {
    const name = nameOf(event);
    const left = name === undefined ? 0 : (this.#counts.get(name) ?? 0);
    if (name === undefined || left === 0) return false;
    this.#counts.set(name, left - 1);
    return true;
  }
}

function nameOf(event: EventBody): string | undefined {
  switch (event.type) {
    case 'log':
    case 'state.set':
      return `${event.type} ${event.agent}`;
    case 'warning':
      return `${event.type} ${event.agent ?? ''} ${event.code}`;
    default:
      return undefined;
  }
}
