import { renderCodeFrame } from '../../language/document/code-frame.ts';
import { LineIndex } from '../../language/document/line-index.ts';
import type { Place } from '../../program/expression.ts';

/** The line of a text at which something stands, with carets from there to its end; undefined when the text has no such line. */
export function renderLine(file: string, text: string, { line, column }: Place): string | undefined {
  if (line < 1 || line > text.split('\n').length) return undefined;
  const index = new LineIndex(file, text);
  const start = index.offset(line, column);
  const end = text.indexOf('\n', start);
  return renderCodeFrame(text, index.span(start, end === -1 ? text.length : end));
}
