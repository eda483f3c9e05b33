import { LineIndex } from '../../../language/document/line-index.ts';
import type { Fix, Span } from '../../../program/diagnostic.ts';
import type { Finding } from './format.ts';

export interface LocatedFix extends Fix {
  /** The stretch that `text` replaces. */
  readonly span: Span;
}

/** Gives fixes their lines and columns; the lines of a text are counted once. A finding without a fix, or whose file could not be read, has none. */
export function createFixLocator(): (finding: Finding) => LocatedFix | undefined {
  const texts = new Map<string, LineIndex>();
  return ({ file, text, fix }) => {
    if (fix === undefined || text === undefined) return undefined;
    let lines = texts.get(text);
    if (lines === undefined) {
      lines = new LineIndex(file, text);
      texts.set(text, lines);
    }
    return { ...fix, span: lines.span(fix.start, fix.end) };
  };
}
