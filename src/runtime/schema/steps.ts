/** Steps that any check of a value may take, and how many more for each part of the value. */
export const FREE_STEPS = 100_000;
export const STEPS_PER_PART = 100;

/**
 * Bounds what one check of one value does by the size of the value: a schema that refers to itself in several ways doubles it with each level of the data.
 */
export class Steps {
  readonly #value: unknown;
  readonly #excess: string;
  #taken = 0;
  #limit = FREE_STEPS;
  #isSized = false;

  /** `excess` is the message of what `spend` throws. */
  constructor(value: unknown, excess: string) {
    this.#value = value;
    this.#excess = excess;
  }

  /** Throws when the check takes too long; with `excess`, where these steps have a reason of their own. */
  spend(steps: number, excess = this.#excess): void {
    this.#taken += steps;
    if (this.#taken <= this.#limit) return;
    if (!this.#isSized) {
      this.#isSized = true;
      this.#limit = FREE_STEPS + STEPS_PER_PART * countParts(this.#value);
    }
    if (this.#taken > this.#limit) throw new Error(excess);
  }
}

/** Lists, objects and values in them; a long text counts as one for each 1,024 characters. */
function countParts(value: unknown): number {
  if (typeof value === 'string') return 1 + (value.length >> 10);
  if (typeof value !== 'object' || value === null) return 1;
  let parts = 1;
  for (const item of Array.isArray(value) ? value : Object.values(value)) parts += countParts(item);
  return parts;
}
