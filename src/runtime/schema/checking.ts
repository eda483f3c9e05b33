import type { OutputUnit } from '@cfworker/json-schema';
import { Steps } from './steps.ts';

/** Names of the fields, or numbers of the items, that a schema has judged: the others are for `unevaluatedProperties` and `unevaluatedItems`. */
export type Judged = Set<string>;

/** What is wrong beyond that is not looked for. */
const MAX_FAULTS = 10_000;

/** One check of one value. The faults are in the library's form, parents first; a check that collects none ends with the first. */
export class Checking {
  readonly faults: OutputUnit[] | undefined;
  readonly #steps: Steps;

  constructor(value: unknown, faults: OutputUnit[] | undefined) {
    this.faults = faults;
    this.#steps = new Steps(value, 'the schema has so many alternatives within alternatives that it takes too long');
  }

  /** Throws when the check takes too long; with `excess`, where these steps have a reason of their own. */
  spend(steps: number, excess?: string): void {
    this.#steps.spend(steps, excess);
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
