import { CST, Lexer, Parser } from 'yaml';

/** Collections may be nested this deep; it keeps every later walk over a file far from the end of the stack. */
export const MAX_DEPTH = 100;

/** Past this many unfinished tokens the nesting is a mistake for sure; a text of half a million brackets would fill the memory. */
const MAX_OPEN = 10 * MAX_DEPTH;

/** The second document of a file is a mistake, and nobody asks for the hundredth. */
const MAX_DOCUMENTS = 100;

/** What can be told from YAML's tokens alone, before nodes are composed from them. */
export interface TokenFacts {
  /** Where the first collection deeper than `MAX_DEPTH` begins. */
  readonly tooDeep: number | undefined;
  /** Where the first quoted text or bracket opens that never closes. What follows it in the file cannot be read reliably. */
  readonly unclosed: { readonly start: number; readonly char: string } | undefined;
}

export type Token = ReturnType<Parser['parse']> extends Generator<infer T> ? T : never;

/** The tokens of a text; of one that is far too deep those that lead to the place where it is. */
export function parseTokens(text: string): readonly Token[] {
  const parser = new Parser();
  const tokens: Token[] = [];
  let documents = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      tokens.push(token);
      if (token.type === 'document') documents++;
    }
    if (parser.stack.length > MAX_OPEN || documents > MAX_DOCUMENTS) break;
  }
  tokens.push(...parser.end());
  return tokens;
}

/** Walks the tokens with a list of its own: their nesting is the author's and may be beyond the stack. */
export function readTokenFacts(tokens: readonly Token[]): TokenFacts {
  let tooDeep: number | undefined;
  let unclosed: TokenFacts['unclosed'];
  const waiting: { token: Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { token, depth } = next;
    const char = unclosedChar(token);
    if (char !== undefined && (!unclosed || token.offset < unclosed.start)) unclosed = { start: openingOf(token), char };
    if (token.type === 'document') {
      if (token.value) waiting.push({ token: token.value, depth });
      continue;
    }
    if (!CST.isCollection(token)) continue;
    if (depth >= MAX_DEPTH) {
      tooDeep = Math.min(tooDeep ?? token.offset, token.offset);
      continue;
    }
    for (const item of token.items) {
      if (item.key) waiting.push({ token: item.key, depth: depth + 1 });
      if (item.value) waiting.push({ token: item.value, depth: depth + 1 });
    }
  }
  return { tooDeep, unclosed };
}

function unclosedChar(token: Token): string | undefined {
  switch (token.type) {
    case 'single-quoted-scalar':
      // Inside, quotes stand in pairs: with both ends their number is even.
      return (token.source.split("'").length - 1) % 2 === 0 ? undefined : "'";
    case 'double-quoted-scalar':
      // The library takes the escaped quote at the end of `"a\"` for the closing one.
      return token.source.length > 1 && /(?:^|[^\\])(?:\\\\)*"$/.test(token.source.slice(1)) ? undefined : '"';
    case 'flow-collection': {
      const close = token.start.type === 'flow-map-start' ? 'flow-map-end' : 'flow-seq-end';
      return token.end[0]?.type === close ? undefined : token.start.source;
    }
    default:
      return undefined;
  }
}

const openingOf = (token: Token): number => (token.type === 'flow-collection' ? token.start.offset : token.offset);
