import type { Span } from '../../program/diagnostic.ts';
import { suggest } from '../../program/suggest.ts';
import type { Findings } from '../model/findings.ts';
import type { Check } from './check.ts';
import { constantSql, sqlQueriesOf } from './sql/sql-queries.ts';
import { type SqlStatement, wordAt } from './sql/sql-script.ts';

/** The words with which SQLite's statements begin (https://sqlite.org/lang.html). */
const STATEMENTS = [
  ...['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REPLACE', 'WITH', 'VALUES', 'CREATE', 'ALTER', 'DROP', 'PRAGMA', 'EXPLAIN', 'ANALYZE'],
  ...['REINDEX', 'BEGIN', 'COMMIT', 'END', 'ROLLBACK', 'SAVEPOINT', 'RELEASE', 'ATTACH', 'DETACH', 'VACUUM'],
];
const TRANSACTIONS: ReadonlySet<string> = new Set(['BEGIN', 'COMMIT', 'END', 'ROLLBACK', 'SAVEPOINT', 'RELEASE']);
const REFUSED: ReadonlySet<string> = new Set(['ATTACH', 'DETACH', 'VACUUM']);

/** A query that D1 refuses whatever the tables are: without a statement, with something after the last one, or with one that it does not have. */
export const sqlStatement: Check = {
  codes: ['sql-statement'],
  check(body, findings) {
    for (const query of sqlQueriesOf(body)) {
      const { agent } = query;
      const constant = constantSql(query);
      if (constant === undefined) continue;
      const { text: sql, scalar, script } = constant;
      const report = (start: number, end: number, message: string, help: string) =>
        findings.report('sql-statement', scalar.at(start, end), message, { help });
      const { statements, rest, unclosed } = script;
      if (unclosed !== undefined) {
        const quote = sql.slice(unclosed.start, unclosed.start + 1);
        report(
          unclosed.start,
          unclosed.start + 1,
          `${quote} is never closed in the query of "${agent}"`,
          'a quote inside a text is written twice',
        );
      } else if (statements.length === 0) {
        const what = sql.trim() === '' ? 'is empty' : 'holds no statement';
        findings.report('sql-statement', scalar.span, `the query of "${agent}" ${what}`, { help: 'write a statement such as `SELECT …`' });
      } else if (rest !== undefined) {
        const help = 'put comments before the `;`, or leave the last `;` out';
        report(
          rest.start,
          rest.end,
          `nothing but a comment or another \`;\` follows the last statement of "${agent}": D1 refuses that`,
          help,
        );
      }
      if (unclosed !== undefined) continue;
      for (const statement of statements) checkStatement(statement, sql, { agent, findings, at: (start, end) => scalar.at(start, end) });
    }
  },
};

interface Site {
  readonly agent: string;
  readonly findings: Findings;
  at(start: number, end: number): Span;
}

function checkStatement({ tokens }: SqlStatement, sql: string, { agent, findings, at }: Site): void {
  const [first] = tokens;
  if (first === undefined) return;
  const word = wordAt(sql, first);
  const place = at(first.start, first.end);
  if (!STATEMENTS.includes(word)) {
    const near = suggest(word, STATEMENTS);
    findings.report('sql-statement', place, `no SQL statement begins with \`${sql.slice(first.start, first.end)}\` (query of "${agent}")`, {
      help:
        near === undefined
          ? 'statements begin with a word such as SELECT, INSERT, UPDATE, DELETE, WITH or CREATE'
          : `did you mean ${near}?`,
    });
  } else if (TRANSACTIONS.has(word)) {
    findings.report('sql-statement', place, `D1 takes no \`${word}\`: transactions cannot be opened or closed in SQL`, {
      help: 'list the queries under `statements:`; they run in one transaction, all of them or none',
    });
  } else if (REFUSED.has(word)) {
    findings.report('sql-statement', place, `D1 refuses \`${word}\``);
  }
  const parenthesis = findUnbalanced(sql, tokens);
  if (parenthesis === undefined) return;
  const what = parenthesis.isOpen ? 'is never closed' : 'closes nothing';
  findings.report('sql-statement', at(parenthesis.start, parenthesis.start + 1), `this parenthesis ${what} (query of "${agent}")`);
}

function findUnbalanced(sql: string, tokens: SqlStatement['tokens']): { readonly start: number; readonly isOpen: boolean } | undefined {
  const open: number[] = [];
  for (const token of tokens) {
    const text = token.type === 'sign' ? sql[token.start] : '';
    if (text === '(') open.push(token.start);
    if (text === ')' && open.pop() === undefined) return { start: token.start, isOpen: false };
  }
  const start = open.at(-1);
  return start === undefined ? undefined : { start, isOpen: true };
}
