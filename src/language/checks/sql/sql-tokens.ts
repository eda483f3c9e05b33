export type SqlTokenType = 'word' | 'number' | 'text' | 'quotedName' | 'parameter' | 'comment' | 'sign';

/** One token of a SQL text, at `start` to `end` (exclusive), in UTF-16 units. White space is none. */
export interface SqlToken {
  readonly type: SqlTokenType;
  readonly start: number;
  readonly end: number;
  /** A quote or a bracket that is never closed; a block comment may end with the text. */
  readonly unclosed?: true;
}

/**
 * SQLite's tokens (https://sqlite.org/src/file/src/tokenize.c), as far as statements and parameters need to be told apart: sticky patterns, tried in this order. What
 * none of them takes is a sign of one character.
 */
const PATTERNS: readonly (readonly [SqlTokenType, RegExp])[] = [
  ['comment', /--[^\n]*|\/\*[^*]*(?:\*(?!\/)[^*]*)*(?:\*\/)?/y],
  ['text', /'[^']*(?:''[^']*)*'/y],
  ['quotedName', /"[^"]*(?:""[^"]*)*"|`[^`]*(?:``[^`]*)*`|\[[^\]]*\]/y],
  ['parameter', /\?\d*|[$@:#](?:[\w$\u0080-\uffff]+(?:::[\w$\u0080-\uffff]*)*(?:\([^\s)]*\))?)/y],
  ['number', /(?:\d|\.\d)[\w.]*/y],
  ['word', /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y],
];

const SPACE = /[ \t\n\f\r\ufeff]+/y;
const OPENING_QUOTES = new Map<string, SqlTokenType>([
  ["'", 'text'],
  ['"', 'quotedName'],
  ['`', 'quotedName'],
  ['[', 'quotedName'],
]);

/** The tokens of a SQL text, in order; every character that is no white space belongs to one. Takes any text, in linear time. */
export function readSqlTokens(sql: string): readonly SqlToken[] {
  const tokens: SqlToken[] = [];
  for (let at = endOf(SPACE, sql, 0) ?? 0; at < sql.length; ) {
    const token = readToken(sql, at);
    tokens.push(token);
    at = endOf(SPACE, sql, token.end) ?? token.end;
  }
  return tokens;
}

function readToken(sql: string, start: number): SqlToken {
  for (const [type, pattern] of PATTERNS) {
    const end = endOf(pattern, sql, start);
    if (end !== undefined) return { type, start, end };
  }
  const type = OPENING_QUOTES.get(sql[start] ?? '');
  return type === undefined ? { type: 'sign', start, end: start + 1 } : { type, start, end: sql.length, unclosed: true };
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
