import { RULES, type RuleName } from './rules.ts';

/**
 * A place in a source file. `start`/`end` are UTF-16 offsets into the text (end exclusive); lines and columns count from 1,
 * columns in UTF-16 units, as editors and GitHub annotations do.
 */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export type Severity = 'error' | 'warning';

/** A replacement of one stretch of the file that mends the finding without changing what the author meant. */
export interface Fix {
  readonly description: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Something wrong in the author's file. `code` is a stable rule name, listed in docs/rules.md. */
export interface Diagnostic {
  readonly code: RuleName;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  readonly help?: string;
  readonly fix?: Fix;
}

/** A finding of the rule `code`, with that rule's severity. */
export function createDiagnostic(
  code: RuleName,
  span: Span,
  message: string,
  { help, fix }: { readonly help?: string | undefined; readonly fix?: Fix | undefined } = {},
): Diagnostic {
  return { code, severity: RULES[code].severity, message, span, ...(help !== undefined && { help }), ...(fix !== undefined && { fix }) };
}
