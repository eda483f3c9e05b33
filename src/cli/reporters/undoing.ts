import type { RunEvent } from '../../program/run-event.ts';

/** A compensation that is at work. */
export interface Undone {
  /** The agent that it undoes. */
  readonly agent: string;
  /** How deep it is shown: under the line that says what is undone, wherever it stands in its file. */
  readonly depth: number;
}

/** Follows what is undone, in the run and in the ensembles that it runs. */
export class Undoing {
  /** By the agent that undoes. */
  readonly #undone = new Map<string, Undone>();
  /** How deep what a body undoes is shown, by the body's path. */
  readonly #bodies = new Map<string, number>();

  /** `depth`: how deep the event itself is shown. */
  follow(event: RunEvent, depth: number): void {
    if (event.type === 'run.compensating') this.#bodies.set(event.agent ?? '', depth + 1);
    else if (event.type === 'agent.failed') this.#bodies.delete(event.agent);
    else if (event.type === 'agent.started' && event.compensates !== undefined) {
      this.#undone.set(event.agent, { agent: event.compensates, depth: this.#depthIn(event.agent) });
    }
  }

  /** What the agent undoes at this moment. */
  of(agent: string): Undone | undefined {
    return this.#undone.get(agent);
  }

  /** The same, of one that is over. */
  take(agent: string): Undone | undefined {
    const undone = this.#undone.get(agent);
    this.#undone.delete(agent);
    return undone;
  }

  /** That of the innermost body around that undoes: what an agent file did is undone by whoever runs it. */
  #depthIn(path: string): number {
    let owner = path;
    while (owner !== '') {
      owner = owner.slice(0, Math.max(0, owner.lastIndexOf('/')));
      const depth = this.#bodies.get(owner);
      if (depth !== undefined) return depth;
    }
    return 1;
  }
}
