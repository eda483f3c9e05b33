/** What reading a file can find, and what it means. docs/diagnostics.md is made from this table; the codes never change. */
export const DOCUMENT_CODES = {
  'alias-expansion': 'The aliases (`*name`) of the file expand to more than 10,000 values.',
  'bad-alias': 'An alias (`*name`) names no anchor (`&name`) before it, or stands inside its own.',
  'bad-escape': 'A backslash in double quotes begins no escape sequence that YAML knows.',
  'bad-indent': 'The indentation of a line fits nothing above it.',
  'bad-merge': '`<<` merges something else than a mapping or a list of mappings.',
  'bad-number': 'A number that JSON cannot hold, or that would lose digits.',
  'control-character': 'An invisible character that YAML does not allow.',
  'duplicate-key': 'A mapping gives the same key twice.',
  'empty-file': 'The file holds nothing but comments.',
  'file-too-large': 'The file is larger than 1 MiB.',
  'missing-colon': 'A line in a mapping has no `:` behind its key.',
  'nested-mapping': 'A mapping or list begins on the line of another key.',
  'non-string-key': 'A key of a mapping is empty, a list or a mapping.',
  'several-documents': 'The file holds more than one YAML document.',
  'tab-indent': 'A tab is used as indentation.',
  'text-repair': 'A value without quotes contains `: `; it is read as text to the end of its line (warning, mended by `validate --fix`).',
  'too-deep': 'Values are nested more than 100 levels deep.',
  'unclosed-bracket': 'A quote or bracket is never closed.',
  'unclosed-expression': 'A `${` or `$<` is never closed.',
  'unknown-tag': 'A YAML tag (`!name`) that is not part of the core schema.',
  'yaml-syntax': 'The file is not YAML at this place.',
} as const;

export type DocumentCode = keyof typeof DOCUMENT_CODES;
