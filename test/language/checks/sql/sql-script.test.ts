import { describe, expect, test } from 'vitest';
import { readSqlScript } from '../../../../src/language/checks/sql/sql-script.ts';
import { readSqlTokens } from '../../../../src/language/checks/sql/sql-tokens.ts';
import { fc } from '../../../support/fast-check.ts';

const statementTexts = (sql: string): readonly string[] => readSqlScript(sql).statements.map(({ start, end }) => sql.slice(start, end));
const parameterNumbers = (sql: string): readonly number[] =>
  readSqlScript(sql).statements.flatMap(({ parameters }) => parameters.map(({ index }) => index));

describe('the tokens of SQL', () => {
  test('are told apart as SQLite does', () => {
    const sql = `SELECT 'it''s ?', "a""?", \`b?\`, [c?], x'0F', 1.5e3, ?12, :name, $a::b FROM t -- ?\n/* ? */ WHERE a->>'$.b' = ?;`;
    const tokens = readSqlTokens(sql).map(({ type, start, end }) => `${type} ${sql.slice(start, end)}`);
    expect(tokens.filter((token) => !token.startsWith('sign '))).toEqual([
      'word SELECT',
      "text 'it''s ?'",
      'quotedName "a""?"',
      'quotedName `b?`',
      'quotedName [c?]',
      'word x',
      "text '0F'",
      'number 1.5e3',
      'parameter ?12',
      'parameter :name',
      'parameter $a::b',
      'word FROM',
      'word t',
      'comment -- ?',
      'comment /* ? */',
      'word WHERE',
      'word a',
      "text '$.b'",
      'parameter ?',
    ]);
  });

  test('cover every character of any text but white space, once and in order', () => {
    const piece = fc.constantFrom(
      "'",
      '"',
      '`',
      '[',
      ']',
      '--',
      '/*',
      '*/',
      '?',
      '?7',
      ':a',
      '$',
      '\n',
      ' ',
      ';',
      'é',
      '\u{1F600}',
      'END',
      '1.',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(texts, (sql) => {
        let at = 0;
        for (const { start, end } of readSqlTokens(sql)) {
          expect(sql.slice(at, start)).toMatch(/^[ \t\n\f\r\ufeff]*$/);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(sql.slice(at)).toMatch(/^[ \t\n\f\r\ufeff]*$/);
      }),
    );
  });

  test.each(["'", '"', '`', '[', '/*', "''", '*', '(', '?'])('of a long text of %s are read in linear time', (piece) => {
    const sql = `SELECT ${piece.repeat(200_000)}`;
    expect(readSqlTokens(sql).at(-1)?.end).toBe(sql.length);
    expect(readSqlScript(sql).statements).toHaveLength(1);
  });
});

describe('the statements of SQL', () => {
  test('end with a semicolon that is no part of a text, a name, a comment or a trigger', () => {
    expect(statementTexts(`SELECT ';', ";" -- ;\n; /* ; */ SELECT 2 ;`)).toEqual([`SELECT ';', ";"`, 'SELECT 2']);
    const trigger = 'CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE 1 WHEN 1 THEN 2 END; DELETE FROM b; END';
    expect(statementTexts(`${trigger}; SELECT 1`)).toEqual([trigger, 'SELECT 1']);
    expect(statementTexts('create temp trigger t delete on a begin select 1; end; select 2')).toHaveLength(2);
    expect(statementTexts('CREATE TABLE a (b); SELECT 1')).toHaveLength(2);
  });

  test('are none in comments, semicolons and white space', () => {
    expect(['', ' \n', '-- SELECT 1', '/* SELECT 1', ';;', '-- a\n; /* b */'].flatMap(statementTexts)).toEqual([]);
  });

  test('leave a rest when the text behind the last semicolon holds none', () => {
    const rest = (sql: string) => {
      const { rest: found } = readSqlScript(sql);
      return found && sql.slice(found.start, found.end);
    };
    expect(rest('SELECT 1; -- done')).toBe('-- done');
    expect(rest('SELECT 1;\n; /* a */ ;')).toBe('; /* a */ ;');
    expect(['SELECT 1', 'SELECT 1;\n ', 'SELECT 1 -- done', ';; SELECT 1', '-- only', ''].map(rest)).toEqual(Array(6).fill(undefined));
  });

  test('know a quote that is never closed', () => {
    expect(readSqlScript("SELECT 'a; SELECT 1").unclosed).toMatchObject({ type: 'text', start: 7 });
    expect(readSqlScript('SELECT /* a').unclosed).toBeUndefined();
  });

  test('number their parameters as SQLite does', () => {
    expect(parameterNumbers("SELECT ?, '?', ? -- ?")).toEqual([1, 2]);
    expect(parameterNumbers('SELECT ?2, ?1, ?2')).toEqual([2, 1, 2]);
    expect(parameterNumbers('SELECT ?3, ?')).toEqual([3, 4]);
    expect(parameterNumbers('SELECT :a, ?, :a, @a')).toEqual([1, 2, 1, 3]);
  });
});

test('joining statements and reading them again gives the same statements', () => {
  const statement = fc.constantFrom(
    "SELECT ';'",
    'DELETE FROM "a;b" WHERE c = ?',
    'SELECT [;] /* ; */ + 1',
    'INSERT INTO t VALUES (?1, :b)',
  );
  const gap = fc.constantFrom(';', ' ;\n', '; -- x;\n', ';;', ';/* ; */');
  fc.assert(
    fc.property(fc.array(fc.tuple(statement, gap), { minLength: 1, maxLength: 8 }), (parts) => {
      expect(statementTexts(parts.map(([text, after]) => text + after).join(''))).toEqual(parts.map(([text]) => text));
    }),
  );
});
