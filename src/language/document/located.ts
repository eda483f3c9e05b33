import type { Span } from '../../program/diagnostic.ts';

/** A value of the file that knows its place. Masks are already undone: a scalar's text holds the `${…}` as the author wrote it. */
export type Located = LocatedScalar | LocatedList | LocatedMapping;

export interface LocatedScalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly span: Span;
  /**
   * The span in the file of `value.slice(start, end)` of a string, whatever the style of the scalar (plain, quoted, block, folded).
   * Exact for every character that stands in the file; the nearest one otherwise.
   */
  at(start: number, end: number): Span;
}

export interface LocatedList {
  readonly kind: 'list';
  readonly items: readonly Located[];
  readonly span: Span;
}

export interface LocatedMapping {
  readonly kind: 'mapping';
  readonly entries: readonly LocatedEntry[];
  readonly span: Span;
}

export interface LocatedEntry {
  readonly key: LocatedKey;
  readonly value: Located;
}

export interface LocatedKey {
  readonly text: string;
  readonly span: Span;
}
