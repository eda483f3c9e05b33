import type { LocatedScalar } from '../../../src/language/document/located.ts';
import type { Span } from '../../../src/program/diagnostic.ts';

/** A scalar whose text is a whole file: offsets in the text are offsets in the file. */
export function locatedText(text: string, file = 'test.yaml'): LocatedScalar {
  const point = (offset: number): { line: number; column: number } => {
    const before = text.slice(0, offset).split('\n');
    return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
  };
  const at = (start: number, end: number): Span => {
    const from = point(start);
    const to = point(end);
    return { file, start, end, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  };
  return { kind: 'scalar', value: text, span: at(0, text.length), at };
}
