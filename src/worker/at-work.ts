import type { WaitingSummary } from '../program/host-calls.ts';
import type { RunEvent } from '../program/run-event.ts';

/** The agents of a run that have begun and not ended, by its events. */
export class AtWork {
  readonly #agents = new Set<string>();

  add(event: RunEvent): void {
    if (event.type === 'agent.started') this.#agents.add(event.agent);
    else if (event.type === 'agent.finished' || event.type === 'agent.failed') this.#agents.delete(event.agent);
  }

  /** Those that do work themselves: an agent that runs a file is at work by the agents in it. */
  list(): readonly string[] {
    if (this.#agents.size === 0) return [];
    const around = new Set<string>();
    for (const path of this.#agents) {
      for (let end = path.lastIndexOf('/'); end !== -1; end = path.lastIndexOf('/', end - 1)) around.add(path.slice(0, end));
    }
    return [...this.#agents].filter((path) => !around.has(path));
  }

  /** Whether agents are at work and each of them only waits. */
  onlyWaits(waiting: readonly WaitingSummary[]): boolean {
    if (waiting.length === 0) return false;
    const waits = new Set(waiting.map(({ agent }) => agent));
    return this.list().every((path) => waits.has(path));
  }
}

/** When the first of them goes on by itself, or gives up, epoch ms; undefined when all wait for somebody. */
export function firstUntil(waiting: readonly WaitingSummary[]): number | undefined {
  const times = waiting.flatMap(({ until }) => (until === undefined ? [] : [until]));
  return times.length === 0 ? undefined : Math.min(...times);
}
