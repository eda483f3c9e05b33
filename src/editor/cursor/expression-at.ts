import { type Dialect, findExpressions } from '../../language/expression/scan.ts';
import type { Path, Place } from './place-at.ts';

/** The expression, or the code body, that a cursor stands in. */
export interface ExpressionPlace {
  /** `code`: in the JavaScript of a `code:` body, outside of its holes. */
  readonly dialect: Dialect | 'code';
  /** The text between the delimiters; without a closing one, to the end of its value. */
  readonly source: string;
  /** Where `source` begins in the file. */
  readonly start: number;
  /** The cursor, as an offset into `source`. */
  readonly at: number;
  /** Where in the file the value stands that it is part of; undefined where the text around it is not YAML. */
  readonly path: Path | undefined;
}

/** Undefined when the cursor stands in no expression. `place` is that of the same offset. */
export function expressionAt(text: string, offset: number, place: Place | undefined): ExpressionPlace | undefined {
  const path = place !== undefined && place.role !== 'key' ? place.path : undefined;
  const scalar = path === undefined ? undefined : place?.scalar;
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const newline = text.indexOf('\n', offset);
  const line = { start: lineStart, end: newline === -1 ? text.length : newline };
  const hole =
    (scalar && holeIn(text, offset, scalar)) ?? (isComment(text.slice(lineStart, offset)) ? undefined : holeIn(text, offset, line));
  if (hole !== undefined) return { ...hole, path };
  if (scalar === undefined || path === undefined || !isCode(path)) return undefined;
  return { dialect: 'code', source: text.slice(scalar.start, scalar.end), start: scalar.start, at: offset - scalar.start, path };
}

/** The hole of a stretch of the file that holds the offset, its delimiters excluded. */
function holeIn(
  text: string,
  offset: number,
  { start, end }: { readonly start: number; readonly end: number },
): Omit<ExpressionPlace, 'path'> | undefined {
  const stretch = text.slice(start, end);
  const at = offset - start;
  const mark = findExpressions(stretch).findLast((each) => each.start + 2 <= at && (each.end === undefined || at < each.end));
  if (mark === undefined) return undefined;
  const from = mark.start + 2;
  const source = stretch.slice(from, mark.end === undefined ? undefined : mark.end - 1);
  return { dialect: mark.dialect, source, start: start + from, at: at - from };
}

const isComment = (before: string): boolean => /^\s*#|\s#/.test(before);

/** `config.code` of an agent. */
function isCode(path: Path): boolean {
  return path.at(-1) === 'code' && path.at(-2) === 'config';
}
