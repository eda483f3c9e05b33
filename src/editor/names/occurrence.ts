/** What kind of thing a name of the file means. */
export type NameKind = 'agent' | 'state';

/** One place of a file where an agent or a state key is named. */
export interface Occurrence {
  readonly kind: NameKind;
  readonly name: string;
  /** `definition`: where it comes from; `reference`: where it is read, set or listed. */
  readonly role: 'definition' | 'reference';
  /** The name alone, as offsets into the text; undefined where it is read in a way that has no place of its own (`const { total } = state`). */
  readonly stretch: { readonly start: number; readonly end: number } | undefined;
  /** Where the mention begins, for messages: from 1. */
  readonly line: number;
  /** It stands in an object as key and value at once: `{ total }`. */
  readonly shorthand: boolean;
}
