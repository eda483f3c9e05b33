import { findExpressionEnd } from '../expression/scan.ts';

/** One stretch of the raw text of a string literal: JavaScript's own (escapes and all), or an expression whose value goes there as text. */
export type StringPart =
  | { readonly type: 'raw'; readonly text: string }
  | { readonly type: 'hole'; readonly start: number; readonly end: number };

export interface StringScan {
  /** After the closing quote. */
  readonly end: number;
  readonly parts: readonly StringPart[];
}

/** Each `${` that never closes costs a scan of the rest; past this many, the others of a literal are text. */
export const MAX_UNCLOSED = 20;

/**
 * Reads the string literal that opens at `start`, with the holes in it. Undefined when there is none (JavaScript's own rules suffice) or the
 * literal never ends.
 *
 * A hole may hold the literal's own quote (`'${state.x['a']}'`), but `'${' + x + '}'` is JavaScript that joins two literals. So a hole that
 * ends before the quote at which JavaScript would end is one; a longer one must not begin with that quote and must parse (`isExpression`).
 */
export function scanStringHoles(text: string, start: number, isExpression: (text: string) => boolean): StringScan | undefined {
  const quote = text.charAt(start);
  const parts: StringPart[] = [];
  let special = false;
  let unclosed = 0;
  let raw = start + 1;
  let at = start + 1;
  const endRaw = (end: number): void => {
    if (end > raw) parts.push({ type: 'raw', text: text.slice(raw, end) });
  };
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === quote) {
      endRaw(at);
      return special ? { end: at + 1, parts } : undefined;
    }
    if (char === '\n' || char === '\r') return undefined;
    if (char === '\\') {
      at += text.startsWith('\r\n', at + 1) ? 3 : 2;
      continue;
    }
    if (char !== '$') {
      at++;
      continue;
    }
    if (isEscape(text, at)) {
      endRaw(at + 1);
      special = true;
      raw = at + 2;
      at += 3;
      continue;
    }
    const end = unclosed < MAX_UNCLOSED && opensExpression(text, at) ? findExpressionEnd(text, at) : undefined;
    if (end === undefined) {
      if (opensExpression(text, at)) unclosed++;
      at++;
      continue;
    }
    if (end <= ownEnd(text, at, quote) || mayHoldQuote(text.slice(at, end), quote, isExpression)) {
      endRaw(at);
      parts.push({ type: 'hole', start: at, end });
      special = true;
      raw = end;
      at = end;
    } else at++;
  }
  return undefined;
}

/** `$${` and `$$<` stand for the literal characters (LANGUAGE §3). */
export function isEscape(text: string, at: number): boolean {
  const after = text[at + 2];
  return text[at] === '$' && text[at + 1] === '$' && (after === '{' || after === '<');
}

function opensExpression(text: string, at: number): boolean {
  return text[at + 1] === '{' || text[at + 1] === '<';
}

function mayHoldQuote(hole: string, quote: string, isExpression: (text: string) => boolean): boolean {
  return !hole.slice(2).trimStart().startsWith(quote) && isExpression(hole);
}

/** Where JavaScript alone would end the literal. */
function ownEnd(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === quote || char === '\n' || char === '\r') return at;
  }
  return text.length;
}
