import type { AgentResult } from './agent-result.ts';
import type { HeldOutputs } from './held-outputs.ts';

/**
 * Latest results by name (LANGUAGE §2.1, §6.1): those of one iteration, and behind them what was there before its loop began. A name that has not run is absent. An
 * iteration never sees what another one, at work beside it, has done.
 */
export class Results {
  readonly #own = new Map<string, AgentResult>();
  readonly #before: Results | undefined;
  readonly #held: HeldOutputs | undefined;

  /** `held` counts their outputs, until `release`. */
  constructor(before?: Results, held?: HeldOutputs) {
    this.#before = before;
    this.#held = held;
  }

  get(name: string): AgentResult | undefined {
    const own = this.#own.get(name);
    return own !== undefined || this.#before === undefined ? own : this.#before.get(name);
  }

  set(name: string, result: AgentResult): void {
    if (this.#held !== undefined) {
      this.#held.remove(this.#own.get(name)?.output);
      this.#held.add(result.output);
    }
    this.#own.set(name, result);
  }

  /** Nothing more is read of them, or others hold them by now. */
  release(): void {
    for (const { output } of this.#own.values()) this.#held?.remove(output);
  }

  /** Those of this iteration alone. */
  get own(): ReadonlyMap<string, AgentResult> {
    return this.#own;
  }

  /** All that can be read now, apart from what comes later: the scope as it stands (LANGUAGE §2.4). */
  copy(): Results {
    const copy = new Results(this.#before?.copy());
    for (const [name, result] of this.#own) copy.set(name, result);
    return copy;
  }
}
