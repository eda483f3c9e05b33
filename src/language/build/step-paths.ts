import type { FlowKind } from '../../program/program.ts';

/**
 * The paths of the steps of one body, each given once. Of steps with one name (an agent that `flow:` runs in two ways of a branch, and what it holds) the second has the path
 * `name#2`; a flow step without a name is counted by its kind: `foreach#1`. No name has a `#` in it.
 */
export class StepPaths {
  readonly #counts = new Map<string, number>();

  named(name: string): string {
    const count = this.#count(name);
    return count === 1 ? name : `${name}#${count}`;
  }

  unnamed(kind: FlowKind): string {
    return `${kind}#${this.#count(`${kind}#`)}`;
  }

  #count(key: string): number {
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count;
  }
}
