/** One thing that can be written at the cursor. */
export interface Entry {
  readonly label: string;
  readonly kind: EntryKind;
  /** A few words beside the label: a type, an operation. */
  readonly detail?: string | undefined;
  /** Markdown. */
  readonly doc?: string | undefined;
  /** What is replaced, as offsets into the text; it ends at the cursor or behind it. */
  readonly start: number;
  readonly end: number;
  /** What is written; the label when absent. */
  readonly text?: string;
  /** The same with places to fill in, for editors that know snippets. */
  readonly snippet?: string;
  /** What must be typed to find it; the label when absent. */
  readonly filter?: string;
  /** The smaller, the nearer to the top; 5 when absent. */
  readonly rank?: number;
}

export type EntryKind = 'agent' | 'root' | 'property' | 'method' | 'filter' | 'function' | 'constant' | 'key' | 'value' | 'file' | 'rule';
