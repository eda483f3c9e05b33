import type { Span } from '../../program/diagnostic.ts';
import type { Expression } from '../../program/expression.ts';

type Stretch = readonly [start: number, end: number];

/** Where the nodes of one text's expressions stand. Beside the tree, not in it: the tree is stored with each run, where nobody asks for places. */
export class NodePlaces {
  readonly #places: (start: number, end: number) => Span;
  readonly #nodes = new Map<object, Stretch>();
  readonly #names = new Map<object, Stretch>();

  constructor(places: (start: number, end: number) => Span) {
    this.#places = places;
  }

  add(node: object, start: number, end: number): void {
    this.#nodes.set(node, [start, end]);
  }

  /** Tells where the name in a node stands: the property of a member, the method of a call, the filter. */
  addName(node: Expression, start: number, end: number): void {
    this.#names.set(node, [start, end]);
  }

  spanOf(node: Expression): Span | undefined {
    const found = this.#nodes.get(node);
    return found && this.#places(...found);
  }

  nameSpanOf(node: Expression): Span | undefined {
    const found = this.#names.get(node);
    return found && this.#places(...found);
  }
}
