import type { Span } from '../../program/diagnostic.ts';

/** Lines and columns of a text, worked out once and asked for late: values carry offsets, only messages need lines. */
export class LineIndex {
  readonly file: string;
  private readonly starts: readonly number[];
  private readonly length: number;

  constructor(file: string, text: string) {
    this.file = file;
    this.length = text.length;
    const starts = [0];
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.starts = starts;
  }

  /** Line and column of a UTF-16 offset, both from 1. A column counts UTF-16 units. Offsets outside the text count as its nearest end. */
  position(offset: number): { readonly line: number; readonly column: number } {
    const at = Math.max(0, Math.min(offset, this.length));
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] as number) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (this.starts[low] as number) + 1 };
  }

  /** The stretch from `start` to `end` (exclusive) as a span of this file. */
  span(start: number, end: number): Span {
    const first = this.position(start);
    const last = this.position(end);
    return { file: this.file, start, end, line: first.line, column: first.column, endLine: last.line, endColumn: last.column };
  }

  /** The offset of a line and column (both from 1), or the nearest one that exists. */
  offset(line: number, column: number): number {
    const start = this.starts[Math.max(1, Math.min(line, this.starts.length)) - 1] as number;
    return Math.max(0, Math.min(start + column - 1, this.length));
  }
}
