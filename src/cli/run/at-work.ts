import type { RunEvent } from '../../program/run-event.ts';

/** The agents of a run that are at work, and which of them only wait, by its events. */
export class AtWork {
  /** By path: those that began and did not end. */
  readonly #open = new Set<string>();
  readonly #waiting = new Set<string>();

  follow(event: RunEvent): void {
    switch (event.type) {
      case 'agent.started':
        this.#open.add(event.agent);
        return;
      case 'run.waiting':
        this.#waiting.add(event.agent);
        return;
      case 'run.answered':
      case 'attempt.failed':
        this.#waiting.delete(event.agent);
        return;
      case 'run.signalled':
        if (event.agent !== undefined) this.#waiting.delete(event.agent);
        return;
      case 'agent.finished':
      case 'agent.failed':
        this.#waiting.delete(event.agent);
        this.#open.delete(event.agent);
        return;
      default:
    }
  }

  /** Whether nothing goes on until a time comes, or somebody does something. An agent that runs a file is at work as long as nothing in that file is. */
  get onlyWaits(): boolean {
    if (this.#waiting.size === 0) return false;
    const open = [...this.#open];
    return open.every((path) => this.#waiting.has(path) || open.some((other) => other.startsWith(`${path}/`)));
  }
}
