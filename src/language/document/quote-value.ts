import { findExpressions } from '../expression/scan.ts';

/**
 * A value as it stands plainly in the file, in YAML quotes, meaning the same: the text between its expressions is escaped, the expressions
 * stay as they are (masking takes them verbatim out of quotes, LANGUAGE §1.1).
 */
export function quoteValue(value: string): string {
  const texts: string[] = [];
  const expressions: string[] = [];
  let done = 0;
  for (const { start, end } of findExpressions(value)) {
    if (end === undefined) continue;
    texts.push(value.slice(done, start));
    expressions.push(value.slice(start, end));
    done = end;
  }
  texts.push(value.slice(done));
  const single = texts.some((text) => /["\\]/.test(text)) && !texts.some((text) => text.includes("'"));
  const escapeText = (text: string): string => (single ? text : text.replaceAll(/["\\]/g, '\\$&'));
  const quote = single ? "'" : '"';
  return quote + texts.map((text, i) => escapeText(text) + (expressions[i] ?? '')).join('') + quote;
}
