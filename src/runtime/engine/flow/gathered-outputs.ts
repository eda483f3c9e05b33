import type { JsonValue } from '../../../program/json.ts';
import { failure } from '../../failure.ts';
import type { HeldOutputs } from '../held-outputs.ts';
import { ListSize } from '../json-size.ts';

export interface GatherPlan {
  readonly count: number;
  /** How large the list may be, and what it is called where it is larger. */
  readonly max: number;
  readonly what: string;
  /** The list may end before the last item. */
  readonly mayEnd: boolean;
}

/**
 * The list that the iterations of a loop give, in item order, whatever is over first; null for an item that gives nothing. It fails as soon as it is sure to be too large, not when all are over: what they
 * have given until then is held in memory.
 */
export class GatheredOutputs {
  readonly #plan: GatherPlan;
  readonly #held: HeldOutputs;
  readonly #list: JsonValue[];
  readonly #size: ListSize;
  /** With `mayEnd`: items of which it is decided whether the list ends with them, but for the first ones, of which it is decided without a gap. */
  readonly #settled = new Set<number>();
  #sure = 0;

  constructor(plan: GatherPlan, held: HeldOutputs) {
    this.#plan = plan;
    this.#held = held;
    this.#list = new Array<JsonValue>(plan.count).fill(null);
    this.#size = new ListSize(plan.max);
  }

  put(index: number, output: JsonValue | undefined): void {
    if (output === undefined || index >= this.#list.length) return;
    this.#list[index] = output;
    this.#held.add(output);
  }

  /** The item is in the list, unless one before it ends that: called once for each that is, in any order. Throws OUTPUT_TOO_LARGE. */
  settle(index: number): void {
    if (!this.#plan.mayEnd) {
      this.#count(index);
      return;
    }
    this.#settled.add(index);
    for (; this.#sure < this.#list.length && this.#settled.delete(this.#sure); this.#sure += 1) this.#count(this.#sure);
  }

  /** The list ends with this item. */
  endWith(index: number): void {
    for (const output of this.#list.splice(index + 1)) this.#held.remove(output);
  }

  /** All that are in the list are over. */
  take(): readonly JsonValue[] {
    this.#size.end(this.#list);
    return this.#list;
  }

  /** Whoever goes on with the list holds it. */
  release(): void {
    for (const output of this.#list) this.#held.remove(output);
  }

  #count(index: number): void {
    const excess = this.#size.add(this.#list[index] ?? null);
    if (excess !== undefined) throw failure('OUTPUT_TOO_LARGE', `${this.#plan.what} is ${excess}.`);
  }
}
