import type { AgentResult } from '../agent-result.ts';
import type { Results } from '../results.ts';

/** The results that a loop leaves (LANGUAGE §6.1): by name that of the last item, in item order, which has one, whatever ended first. */
export class LatestResults {
  readonly #latest = new Map<string, { readonly position: number; readonly result: AgentResult }>();

  /** Takes what the iteration of an item left. */
  add(position: number, { own }: Results): void {
    for (const [name, result] of own) {
      const known = this.#latest.get(name);
      if (known === undefined || known.position < position) this.#latest.set(name, { position, result });
    }
  }

  /** Forgets items behind a position: the loop ended there. */
  dropAfter(position: number): void {
    for (const [name, known] of this.#latest) if (known.position > position) this.#latest.delete(name);
  }

  leaveIn(results: Results): void {
    for (const [name, { result }] of this.#latest) results.set(name, result);
  }
}
