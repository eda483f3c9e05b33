/** Which grammar an expression is written in: `${…}` JavaScript, `$<…>` Jexl (LANGUAGE §3). */
export type Dialect = 'js' | 'jexl';

/** One `${…}` or `$<…>` of a text, delimiters included. Without `end` its closing delimiter is missing. */
export interface ExpressionMark {
  readonly dialect: Dialect;
  readonly start: number;
  readonly end?: number;
}

/** Each unclosed expression costs a scan of the rest of the text; past this many, what looks like another one is text. */
const MAX_UNCLOSED = 20;

/**
 * The end (exclusive) of the expression that opens at `start`, where `${` or `$<` stands; undefined when it never closes.
 * `${…}` closes at the brace that balances it: braces inside quotes, template literals, and regular expressions do not count, and a
 * template literal may nest `${…}` again. `$<…>` closes at the first `>` outside quotes and brackets (LANGUAGE §3.3). A quote that
 * does not close on its line leaves the expression unclosed, as in JavaScript, so that a stray apostrophe never swallows a file.
 * Takes time linear in the text that follows.
 */
export function findExpressionEnd(text: string, start: number): number | undefined {
  if (text[start] !== '$') return undefined;
  if (text[start + 1] === '{') return findBrace(text, start + 2);
  if (text[start + 1] === '<') return findAngle(text, start + 2);
  return undefined;
}

/** All expressions of a text from left to right. `$${` and `$$<` open none: they stand for the literal characters. */
export function findExpressions(text: string): readonly ExpressionMark[] {
  const marks: ExpressionMark[] = [];
  let unclosed = 0;
  let at = text.indexOf('$');
  while (at !== -1) {
    const next = text[at + 1];
    const after = text[at + 2];
    if (next === '$' && (after === '{' || after === '<')) {
      at = text.indexOf('$', at + 3);
      continue;
    }
    if (next !== '{' && next !== '<') {
      at = text.indexOf('$', at + 1);
      continue;
    }
    const dialect = next === '{' ? 'js' : 'jexl';
    const end = findExpressionEnd(text, at);
    if (end !== undefined) marks.push({ dialect, start: at, end });
    else {
      marks.push({ dialect, start: at });
      unclosed++;
      if (unclosed === MAX_UNCLOSED) break;
    }
    at = text.indexOf('$', end ?? at + 2);
  }
  return marks;
}

function findBrace(text: string, from: number): number | undefined {
  // One entry for each open `{` or `${` and for each open template literal, innermost last.
  const open: ('{' | '`')[] = ['{'];
  let previous = '';
  let at = from;
  const unclosed = { from: 0, to: 0 };
  while (at < text.length) {
    const char = text.charAt(at);
    if (open.at(-1) === '`') {
      if (char === '\\') at += 2;
      else if (char === '`') {
        open.pop();
        previous = '`';
        at++;
      } else if (char === '$' && text[at + 1] === '{') {
        open.push('{');
        previous = '{';
        at += 2;
      } else at++;
      continue;
    }
    if (char === '"' || char === "'") {
      const end = skipQuoted(text, at);
      if (end === undefined) return undefined;
      previous = char;
      at = end;
      continue;
    }
    if (char === '/' && startsOperand(text, at, previous)) {
      const end = skipRegex(text, at, unclosed);
      if (end !== undefined) {
        previous = '/regex/';
        at = end;
        continue;
      }
    }
    if (char === '`' || char === '{') open.push(char);
    else if (char === '}') {
      open.pop();
      if (open.length === 0) return at + 1;
    }
    if (!isSpace(char)) previous = char;
    at++;
  }
  return undefined;
}

function findAngle(text: string, from: number): number | undefined {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '"' || char === "'") {
      const end = skipQuoted(text, at);
      if (end === undefined) return undefined;
      at = end;
      continue;
    }
    if (char === '(' || char === '[' || char === '{') depth++;
    else if (char === ')' || char === ']' || char === '}') depth--;
    else if (char === '>' && depth <= 0) return at + 1;
    at++;
  }
  return undefined;
}

/** The index after the quote that closes the one at `start`, on the same line; a backslash escapes any character, a newline too. */
function skipQuoted(text: string, start: number): number | undefined {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === quote) return at + 1;
    else if (char === '\n' || char === '\r') return undefined;
  }
  return undefined;
}

/**
 * The index after the regular expression that opens at `start`; undefined when the slash is none (it does not close on its line). `unclosed` is where a class
 * that opens is known never to close: without it each slash of `/[/[/[…` would go over the rest of the line again.
 */
function skipRegex(text: string, start: number, unclosed: { from: number; to: number }): number | undefined {
  let classStart: number | undefined;
  let at = start + 1;
  for (; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === '\n' || char === '\r') break;
    else if (char === '[' && unclosed.from <= at && at < unclosed.to) return undefined;
    else if (char === '[') classStart ??= at;
    else if (char === ']') classStart = undefined;
    else if (char === '/' && classStart === undefined) return at + 1;
  }
  if (classStart !== undefined) Object.assign(unclosed, { from: classStart, to: at });
  return undefined;
}

/** Whether a slash begins a regular expression: it does where an operand is due, it divides after one. */
function startsOperand(text: string, at: number, previous: string): boolean {
  if (previous === '' || '([{,;:?!&|=<>+-*%~^'.includes(previous)) return true;
  return /(?:^|[^\w$.])(?:typeof|in|void|return)\s*$/.test(text.slice(Math.max(0, at - 16), at));
}

function isSpace(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\n' || char === '\r';
}
