import type { ExpressionPlace } from './expression-at.ts';
import { type Token, tokenize } from './expression-tokens.ts';

/** The name at a cursor in an expression, and what it is read from. */
export interface Chain {
  /** The name at the cursor; undefined when the cursor stands where one may begin. */
  readonly token: Token | undefined;
  /** `filter` behind a pipe, `member` behind a dot, `name` anywhere else; `text` inside of quotes and comments, where no name is meant. */
  readonly role: 'filter' | 'member' | 'name' | 'text';
  /** The names from the first one to that at the cursor, when there are only constant members between: `['fetch', 'output', 'rows']`. */
  readonly path: readonly string[] | undefined;
  /** Of a member: where in the source the value stands that it is read from. */
  readonly object: { readonly start: number; readonly end: number } | undefined;
  /** An opening parenthesis follows. */
  readonly called: boolean;
}

const NOTHING: Chain = { token: undefined, role: 'text', path: undefined, object: undefined, called: false };

/** What stands at the cursor of an expression, complete or not. `isName` tells names with a hyphen. */
export function chainAt({ source, at, dialect }: ExpressionPlace, isName: (name: string) => boolean): Chain {
  const { tokens } = tokenize(source, isName);
  const index = tokens.findIndex(({ type, start, end }) => type === 'name' && start <= at && at <= end);
  const token = tokens[index];
  if (token === undefined && isInText(source, at, isName)) return NOTHING;
  const next = token === undefined ? tokens.findIndex(({ start }) => start >= at) : index;
  const before = tokens.slice(0, next === -1 ? undefined : next);
  const called = token !== undefined && tokens[index + 1]?.text === '(';
  const previous = before.at(-1);
  if (previous !== undefined && isDot(previous)) {
    const start = objectStart(before.slice(0, -1));
    const object = start === undefined ? undefined : { start: start.start, end: previous.start };
    const path = constantPath(before.slice(0, -1));
    return { token, role: 'member', path: path && [...path, token?.text ?? ''], object, called };
  }
  // Code has no filters: there a bar is JavaScript's own.
  if (previous?.text === '|' && dialect !== 'code') return { token, role: 'filter', path: undefined, object: undefined, called };
  return { token, role: 'name', path: [token?.text ?? ''], object: undefined, called };
}

function isInText(source: string, at: number, isName: (name: string) => boolean): boolean {
  const { tokens } = tokenize(source, isName);
  if (tokens.some(({ type, start, end }) => (type === 'string' || type === 'template') && start < at && at < end)) return true;
  return tokenize(source.slice(0, at), isName).inText;
}

function isDot(token: Token | undefined): boolean {
  return token?.text === '.' || token?.text === '?.';
}

/** The first token of the value that ends with the last of these tokens: names, members, indexes and calls joined by dots. */
function objectStart(tokens: readonly Token[]): Token | undefined {
  let at = tokens.length - 1;
  for (;;) {
    const token = tokens[at];
    if (token === undefined) return undefined;
    if (token.text === ')' || token.text === ']') {
      at = openingOf(tokens, at);
      const before = tokens[at - 1];
      const goesOn = before !== undefined && (before.type === 'name' || before.text === ')' || before.text === ']');
      if (!goesOn) return isDot(before) ? objectStart(tokens.slice(0, at - 1)) : tokens[at];
      at--;
      continue;
    }
    if (token.type !== 'name' && token.type !== 'string') return undefined;
    if (!isDot(tokens[at - 1])) return token;
    at -= 2;
  }
}

function openingOf(tokens: readonly Token[], closing: number): number {
  let depth = 0;
  for (let at = closing; at >= 0; at--) {
    const text = tokens[at]?.text ?? '';
    if (text === ')' || text === ']' || text === '}') depth++;
    else if (text === '(' || text === '[' || text === '{' || text === '${') depth--;
    if (depth === 0) return at;
  }
  return -1;
}

/** The names of `a.b["c"]`; undefined when anything else stands between. */
function constantPath(tokens: readonly Token[]): readonly string[] | undefined {
  const path: string[] = [];
  for (let at = tokens.length - 1; ; ) {
    const token = tokens[at];
    if (token?.type === 'name') {
      path.unshift(token.text);
      if (!isDot(tokens[at - 1])) return path;
      at -= 2;
    } else if (token?.text === ']' && tokens[at - 1]?.type === 'string' && tokens[at - 2]?.text === '[') {
      path.unshift((tokens[at - 1]?.text ?? '').slice(1, -1));
      at -= isDot(tokens[at - 3]) ? 4 : 3;
    } else return undefined;
  }
}
