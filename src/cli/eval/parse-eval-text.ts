import { LineIndex } from '../../language/document/line-index.ts';
import { type ExpressionProblem, ParseContext } from '../../language/expression/context.ts';
import { parseIn } from '../../language/expression/parse-expression.ts';
import { findExpressions } from '../../language/expression/scan.ts';
import { parseTemplateText } from '../../language/expression/template.ts';
import { createDiagnostic, type Diagnostic } from '../../program/diagnostic.ts';
import type { Template } from '../../program/expression.ts';

/** What stands for the file's name in messages about the text of the command line. */
export const EXPRESSION_FILE = '<expression>';

export interface EvalText {
  /** Not to be used when there are diagnostics. */
  readonly template: Template;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The template that the text of a command line means: with `${…}` or `$<…>` in it a value as in an ensemble, else one bare JavaScript
 * expression. `${` inside the template literals of a bare expression is JavaScript's own.
 */
export function parseEvalText(text: string, agents: ReadonlySet<string>): EvalText {
  const lines = new LineIndex(EXPRESSION_FILE, text);
  const options = { names: { agents }, places: (start: number, end: number) => lines.span(start, end) };
  const context = new ParseContext(options);
  const expression = parseIn('js', text, 0, context);
  const isExpression = !context.problems.some(({ code }) => code === 'expression-syntax');
  if (!opensExpression(text) || (isExpression && hidesMarks(text))) {
    const place = { line: 1, column: 1 };
    return { template: { type: 'hole', source: text, expression, place }, diagnostics: toDiagnostics(context.problems) };
  }
  const { template, problems } = parseTemplateText(text, options);
  return { template, diagnostics: toDiagnostics(problems) };
}

function opensExpression(text: string): boolean {
  return text.includes('${') || text.includes('$<');
}

/** Whether a text that is an expression may hold its `${` as JavaScript does: in a template literal, or (never closed) in a string or a regular expression. */
function hidesMarks(text: string): boolean {
  const marks = findExpressions(text);
  let outside = '';
  let done = 0;
  for (const { start, end } of marks) {
    outside += text.slice(done, start);
    done = end ?? start;
  }
  return outside.includes('`') || text.slice(done).includes('`') || marks.every(({ end }) => end === undefined);
}

function toDiagnostics(problems: readonly ExpressionProblem[]): readonly Diagnostic[] {
  return problems.map(({ code, span, message, help }) => createDiagnostic(code, span, message, { help }));
}
