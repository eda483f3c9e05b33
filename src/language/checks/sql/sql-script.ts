import { readSqlTokens, type SqlToken } from './sql-tokens.ts';

/** A parameter of a statement, and its place among the values that are bound, from 1. */
export interface SqlParameter {
  readonly start: number;
  readonly end: number;
  readonly index: number;
}

/** One statement of a SQL text, without its `;` and without comments. */
export interface SqlStatement {
  readonly tokens: readonly SqlToken[];
  readonly start: number;
  readonly end: number;
  readonly parameters: readonly SqlParameter[];
}

export interface SqlScript {
  readonly statements: readonly SqlStatement[];
  /** What follows the last statement's `;`, when it holds no statement: a comment, another `;`. */
  readonly rest?: { readonly start: number; readonly end: number };
  /** A quote that is never closed: from there on nothing can be told. */
  readonly unclosed?: SqlToken;
}

/** The statements of a SQL text. */
export function readSqlScript(sql: string): SqlScript {
  const tokens = readSqlTokens(sql);
  const statements: SqlStatement[] = [];
  let current: SqlToken[] = [];
  let restFrom = 0;
  const finish = () => {
    if (current.length > 0) statements.push(buildStatement(sql, current));
    current = [];
  };
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'comment') continue;
    if (wordAt(sql, token) !== ';' || isInsideTrigger(sql, current)) {
      current.push(token);
    } else if (current.length > 0) {
      finish();
      restFrom = index + 1;
    }
  }
  const rest = current.length === 0 && statements.length > 0 ? tokens.slice(restFrom) : [];
  finish();
  const [first] = rest;
  const last = rest.at(-1);
  const unclosed = tokens.find((token) => token.unclosed);
  return {
    statements,
    ...(first !== undefined && last !== undefined && { rest: { start: first.start, end: last.end } }),
    ...(unclosed !== undefined && { unclosed }),
  };
}

/** The body of a trigger holds statements of its own; it ends with `END`, which follows a `;`. */
function isInsideTrigger(sql: string, tokens: readonly SqlToken[]): boolean {
  const word = (index: number): string => wordAt(sql, tokens.at(index));
  if (word(0) !== 'CREATE') return false;
  const isTrigger = word(1) === 'TRIGGER' || (/^TEMP(?:ORARY)?$/.test(word(1)) && word(2) === 'TRIGGER');
  return isTrigger && !(word(-1) === 'END' && word(-2) === ';');
}

function buildStatement(sql: string, tokens: readonly SqlToken[]): SqlStatement {
  return { tokens, start: tokens[0]?.start ?? 0, end: tokens.at(-1)?.end ?? 0, parameters: numberParameters(sql, tokens) };
}

/** As SQLite numbers them: `?` is one more than the highest so far, `?3` is 3, a name is a new number the first time. */
function numberParameters(sql: string, tokens: readonly SqlToken[]): readonly SqlParameter[] {
  const named = new Map<string, number>();
  let highest = 0;
  return tokens
    .filter(({ type }) => type === 'parameter')
    .map(({ start, end }) => {
      const text = sql.slice(start, end);
      const known = named.get(text);
      const index = /^\?\d/.test(text) ? Number(text.slice(1)) : (known ?? highest + 1);
      if (!text.startsWith('?')) named.set(text, index);
      highest = Math.max(highest, index);
      return { start, end, index };
    });
}

/** A token in capital letters. */
export function wordAt(sql: string, token: SqlToken | undefined): string {
  return token === undefined ? '' : sql.slice(token.start, token.end).toUpperCase();
}
