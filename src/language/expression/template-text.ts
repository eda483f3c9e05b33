import type { Hole, Template } from '../../program/expression.ts';
import { type ExpressionOptions, type ExpressionProblem, ParseContext, type Reference } from './context.ts';
import { parseIn } from './parse-expression.ts';
import { type Dialect, findExpressions } from './scan.ts';

export interface ParsedTemplate {
  /** Not to be used when there are problems. */
  readonly template: Template;
  readonly references: readonly Reference[];
  readonly problems: readonly ExpressionProblem[];
}

/**
 * Splits a string into text and expressions and parses them (LANGUAGE §3). Exactly one expression → `hole`, which keeps its value's type;
 * expressions among text → `text`; none → `constant`. `$${` and `$$<` become the literal `${` and `$<`. Never throws; positions in problems
 * and references are offsets into `text`.
 */
export function parseTemplateText(text: string, options: ExpressionOptions): ParsedTemplate {
  if (!text.includes('${') && !text.includes('$<')) {
    return { template: { type: 'constant', value: text }, references: [], problems: [] };
  }
  const context = new ParseContext(options);
  const parts: (string | Hole)[] = [];
  let done = 0;
  const addText = (end: number): void => {
    const literal = text.slice(done, end).replaceAll(/\$(\$[{<])/g, '$1');
    if (literal !== '') parts.push(literal);
  };
  for (const mark of findExpressions(text)) {
    if (mark.end === undefined) {
      reportUnclosed(mark.dialect, mark.start, text, context);
      continue;
    }
    addText(mark.start);
    done = mark.end;
    const expression = parseIn(mark.dialect, text.slice(mark.start + 2, mark.end - 1), mark.start + 2, context);
    const span = context.place(mark.start, mark.end);
    const place = { line: span.line, column: span.column };
    parts.push({ type: 'hole', source: text.slice(mark.start, mark.end), expression, place });
  }
  addText(text.length);
  return { template: buildTemplate(parts), references: context.references, problems: context.problems };
}

function buildTemplate(parts: readonly (string | Hole)[]): Template {
  const [first] = parts;
  if (parts.length === 1 && typeof first === 'object') return first;
  if (parts.every((part) => typeof part === 'string')) return { type: 'constant', value: parts.join('') };
  return { type: 'text', parts };
}

function reportUnclosed(dialect: Dialect, start: number, text: string, context: ParseContext): void {
  const [open, close] = dialect === 'js' ? ['${', '}'] : ['$<', '>'];
  const help = `Close it with \`${close}\`, or write \`$${open}\` for the literal characters.`;
  context.report('unclosed-expression', `\`${open}\` is not closed`, start, Math.min(start + 2, text.length), help);
}
