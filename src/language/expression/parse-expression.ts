import type { Expression } from '../../program/expression.ts';
import { type ExpressionOptions, type ExpressionProblem, ParseContext, type Reference } from './context.ts';
import { parseJexl } from './jexl.ts';
import { parseJs } from './js.ts';
import type { NodePlaces } from './node-places.ts';
import type { Dialect } from './scan.ts';

export interface ParsedExpression {
  /** Not to be used when there are problems. */
  readonly expression: Expression;
  readonly references: readonly Reference[];
  readonly problems: readonly ExpressionProblem[];
  readonly places: NodePlaces;
}

/**
 * Parses a bare expression: what stands between the delimiters. Never throws for any text; positions are offsets into `text`, mapped into the
 * file by `options.places`.
 */
export function parseExpression(text: string, dialect: Dialect, options: ExpressionOptions): ParsedExpression {
  const context = new ParseContext(options);
  const expression = parseIn(dialect, text, 0, context);
  return { expression, references: context.references, problems: context.problems, places: context.places };
}

/** Parses in either dialect into a context that goes on over several expressions. */
export function parseIn(dialect: Dialect, text: string, offset: number, context: ParseContext): Expression {
  context.beginExpression();
  return dialect === 'js' ? parseJs(text, offset, context) : parseJexl(text, offset, context);
}
