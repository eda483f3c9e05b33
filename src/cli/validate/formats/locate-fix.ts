import { LineIndex } from '../../../language/document/line-index.ts';
import type { Fix, Span } from '../../../program/diagnostic.ts';
import type { Finding } from './format.ts';

export interface LocatedFix extends Fix {
  /** The stretch that `text` replaces. */
  readonly span: Span;
}

/** Gives fixes their lines and columns; the lines of a file are counted once. A finding without a fix, or whose file could not be read, has none. */
export function createFixLocator(): (finding: Finding) => LocatedFix | undefined {
  const files = new Map<string, LineIndex>();
  return ({ file, text, fix }) => {
    if (fix === undefined || text === undefined) return undefined;
    let lines = files.get(file);
    if (lines === undefined) {
      lines = new LineIndex(file, text);
      files.set(file, lines);
    }
    return { ...fix, span: lines.span(fix.start, fix.end) };
  };
}
