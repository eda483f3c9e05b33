/** What the check against the JSON Schemas can find, and what it means. docs/diagnostics.md is made from this table; the codes never change. */
export const SHAPE_CODES = {
  'bad-value': 'A value is none of those that its key takes.',
  'conflicting-keys': 'Two keys that exclude each other (often a key and its alias) stand together.',
  'missing-key': 'A key that must be there is missing, or has no value.',
  'unknown-key': 'A key that the language does not know at this place.',
  'wrong-type': 'A value is of another kind than its key takes: a list for a mapping, a text for a list, …',
} as const;

export type ShapeCode = keyof typeof SHAPE_CODES;
