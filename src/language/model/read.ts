import type { Diagnostic, Span } from '../../program/diagnostic.ts';
import type { Template } from '../../program/expression.ts';
import type { TemplatePlaces } from '../expression/template.ts';

/** One read of a root or an agent by an expression or a code body: `name`, and the constant members that follow it (`['output', 'docs']`). */
export interface Read {
  readonly kind: 'root' | 'agent';
  readonly name: string;
  readonly path: readonly string[];
  readonly span: Span;
  /** It stands in an object as key and value at once: `{ total }`. */
  readonly shorthand?: boolean;
}

/** A value of the file with its expressions parsed, what they read, and what is wrong with them. */
export interface ParsedValue {
  readonly template: Template;
  readonly reads: readonly Read[];
  readonly diagnostics: readonly Diagnostic[];
  /** Where the nodes of each of its expressions stand. */
  readonly places: TemplatePlaces;
}

/** Parses one text that stands at `place(start, end)` of the file. */
export type TextParser = (text: string, place: (start: number, end: number) => Span) => ParsedValue;
