import { findExpressionEnd } from '../expression/scan.ts';

/** What YAML says about the place at which an expression opens. */
export interface YamlPlace {
  /** The quotes of the scalar that the expression stands in; undefined in a plain one. */
  readonly quote: "'" | '"' | undefined;
  /** The column (from 0) of the mapping or list that the scalar belongs to; -1 for the document's own scalar. */
  readonly parentColumn: number;
}

/**
 * The offset behind the `${…}` or `$<…>` that opens at `start`. `unclosed`: it never ends, or only beyond a line that reads like the next key or list
 * item at or left of its parent, so that one missing brace does not swallow the file. `escaped`: the author wrote it with YAML's own
 * escapes (`"${a[\"x\"]}"`, `'${a[''x'']}'`, as YAML printers do), so that only YAML can tell its text; otherwise the text is the expression, verbatim.
 */
export function expressionInYaml(text: string, start: number, place: YamlPlace): number | 'unclosed' | 'escaped' {
  if (place.quote && isEscaped(text, start, place.quote)) return 'escaped';
  const end = findExpressionEnd(text, start);
  if (end === undefined || passesEntry(text, start, end, place.parentColumn)) return 'unclosed';
  return end;
}

const ENTRY = /-(?=\s)|---|\.\.\.|[\w"'.-]+[ ]*:(?=\s|$)/y;

/** Whether the line that begins at `lineStart` reads like a key or a list item at or left of `parentColumn`: nothing may go on there. */
export function startsEntry(text: string, lineStart: number, parentColumn: number): boolean {
  let at = lineStart;
  while (text[at] === ' ') at++;
  if (at - lineStart > parentColumn) return false;
  ENTRY.lastIndex = at;
  return ENTRY.test(text);
}

function passesEntry(text: string, start: number, end: number, parentColumn: number): boolean {
  for (let line = text.indexOf('\n', start) + 1; line > 0 && line < end; line = text.indexOf('\n', line) + 1) {
    if (startsEntry(text, line, parentColumn)) return true;
  }
  return false;
}

/** How far to look for an escape: it keeps the scanner linear, and printers escape the first string of an expression as any other. */
const ESCAPE_WINDOW = 4000;

/** Outside its own strings neither dialect has `\"`, nor `''` beside a word or another quote: there the scalar's quotes were escaped. */
function isEscaped(text: string, start: number, quote: "'" | '"'): boolean {
  const close = text[start + 1] === '<' ? '>' : '}';
  const to = Math.min(text.length, start + ESCAPE_WINDOW);
  let depth = 0;
  for (let i = start + 2; i < to; i++) {
    const char = text[i] as string;
    if (char === '\n' || (char === close && depth === 0)) return false;
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    else if (quote === '"' && char === '\\' && text[i + 1] === '"') return true;
    else if (quote === "'" && char === "'" && text[i + 1] === "'") {
      if (/[\w$']/.test(text[i - 1] ?? '') || /[\w$']/.test(text[i + 2] ?? '')) return true;
      i++;
    } else if (char === "'" || char === '"' || char === '`') {
      for (i++; i < to && text[i] !== char; i++) if (text[i] === '\\') i++;
    }
  }
  return false;
}
