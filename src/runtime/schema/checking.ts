import type { OutputUnit } from '@cfworker/json-schema';

/** Names of the fields, or numbers of the items, that a schema has judged: the others are for `unevaluatedProperties` and `unevaluatedItems`. */
export type Judged = Set<string>;

/** Schemas and choices that any check may look at, and how many more for each part of the value. */
export const FREE_STEPS = 100_000;
export const STEPS_PER_PART = 100;
/** What is wrong beyond that is not looked for. */
const MAX_FAULTS = 10_000;

/**
 * One check of one value. The faults of the library's form are parents first; a check that collects none ends with the first.
 *
 * A schema that refers to itself in several ways doubles what is to be done with each level of the data, so what a check may do is bounded by the size of the value.
 */
export class Checking {
  readonly faults: OutputUnit[] | undefined;
  readonly #value: unknown;
  #taken = 0;
  #limit = FREE_STEPS;
  #isSized = false;

  constructor(value: unknown, faults: OutputUnit[] | undefined) {
    this.#value = value;
    this.faults = faults;
  }

  /** Throws when the check takes too long. */
  spend(steps: number): void {
    this.#taken += steps;
    if (this.#taken <= this.#limit) return;
    if (!this.#isSized) {
      this.#isSized = true;
      this.#limit = FREE_STEPS + STEPS_PER_PART * countParts(this.#value);
      this.spend(0);
    } else throw new Error('the schema has so many alternatives within alternatives that it takes too long');
  }

  /** Whether more faults than anybody reads are known. */
  get isFull(): boolean {
    return this.faults !== undefined && this.faults.length >= MAX_FAULTS;
  }

  /** Notes that a keyword is not satisfied; always false. */
  fault(keyword: string, at: string, by: string, error = ''): false {
    this.faults?.push({ keyword, instanceLocation: at, keywordLocation: `${by}/${keyword}`, error });
    return false;
  }

  /** As `fault`, before what is below is judged: gives what to hand to `end` then. */
  begin(keyword: string, at: string, by: string, error = ''): number {
    if (this.faults === undefined) return 0;
    this.fault(keyword, at, by, error);
    return this.faults.length - 1;
  }

  /** Takes the faults since `begin` back where there are none after all. */
  end(mark: number, isSatisfied: boolean): boolean {
    if (isSatisfied && this.faults !== undefined) this.faults.length = mark;
    return isSatisfied;
  }

  /** A place below another; empty unless faults are collected. */
  below(place: string, ...names: readonly (string | number)[]): string {
    if (this.faults === undefined) return '';
    return names.reduce<string>((path, name) => `${path}/${escapeName(name)}`, place);
  }
}

function escapeName(name: string | number): string | number {
  return typeof name === 'number' ? name : name.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('%', '%25');
}

/** Lists, objects and values in them; a long text counts as one for each 1,024 characters. */
function countParts(value: unknown): number {
  if (typeof value === 'string') return 1 + (value.length >> 10);
  if (typeof value !== 'object' || value === null) return 1;
  let parts = 1;
  for (const item of Array.isArray(value) ? value : Object.values(value)) parts += countParts(item);
  return parts;
}
