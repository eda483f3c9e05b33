import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lint } from '../../../../src/language/lint.ts';
import { EMPTY_PROJECT } from '../../../../src/language/project-index.ts';

type Database = Awaited<ReturnType<Miniflare['getD1Database']>>;

let host: Miniflare;
let database: Database;
beforeAll(async () => {
  host = new Miniflare({ modules: true, script: 'export default {}', d1Databases: ['DB'], compatibilityDate: '2026-07-01' });
  database = await host.getD1Database('DB');
  await database.exec('CREATE TABLE users (id, name)');
});
afterAll(() => host.dispose());

/** What is not about the tables can be told from the text alone. */
const QUERIES: readonly (readonly [string, (readonly unknown[])?])[] = [
  ['SELECT ?, ?', [1, 2]],
  ['SELECT ?, ?', [1]],
  ['SELECT ?'],
  ['SELECT 1', [1]],
  ['SELECT ?2, ?1', [1, 2]],
  ['SELECT ?2', [1, 2]],
  ['SELECT ?2', [1]],
  ['SELECT ?3, ?', [1, 2, 3, 4]],
  ['SELECT ?1, ?1', [1]],
  ['SELECT :a, @b, $c, :a', [1, 2, 3]],
  ['SELECT :a, :b', [1]],
  ['SELECT ?0', [1]],
  ['SELECT ?101', [1]],
  [`SELECT '?', 'it''s ?' -- ?`, []],
  [`SELECT '?', ? /* ? */`, [1]],
  [`SELECT id AS "?" FROM users WHERE name = ?`, [1]],
  [`SELECT '{}'->>'$.a', x'3F', ?`, [1]],
  [''],
  ['  \n'],
  ['-- SELECT 1'],
  ['/* SELECT 1'],
  [';'],
  ['; SELECT 1'],
  ['SELECT 1;'],
  ['SELECT 1;\n'],
  ['SELECT 1;;'],
  ['SELECT 1; -- done'],
  ['SELECT 1 /* done */ ;'],
  ['SELECT 1; SELECT ?', [1]],
  ['SELECT ?; SELECT ?', [1, 2]],
  ['SELECT 1; ; SELECT 2'],
  ['SELCT 1'],
  ['(SELECT 1)'],
  ['select count(*) from users'],
  ['EXPLAIN QUERY PLAN SELECT 1'],
  ['VALUES (1), (2)'],
  ['WITH a AS (SELECT 1) SELECT * FROM a'],
  ['REPLACE INTO users (id) VALUES (?)', [1]],
  ['PRAGMA table_list'],
  ['CREATE TRIGGER t AFTER INSERT ON users BEGIN UPDATE users SET name = 1; SELECT CASE WHEN 1 THEN 2 END; END'],
  ['CREATE TRIGGER IF NOT EXISTS u AFTER INSERT ON users BEGIN SELECT 1; END; SELECT ?', [1]],
  ['BEGIN'],
  ['COMMIT'],
  ['ROLLBACK'],
  ['SAVEPOINT a'],
  ['VACUUM'],
  [`ATTACH DATABASE 'a' AS b`],
  ['SELECT (1'],
  ['SELECT 1)'],
  [`SELECT 'a`],
];

describe('the rules about SQL and D1 agree about', () => {
  const cases = QUERIES.map(([query, params = []]) => ({ query, params }));

  test.each(cases)('$query with $params', async ({ query, params }) => {
    const config = JSON.stringify({ query, ...(params.length > 0 && { params }) });
    const text = `ensemble: e\nagents: [{ name: a, operation: data, config: ${config} }]\n`;
    const errors = lint({ path: 'ensembles/e.yaml', text }, EMPTY_PROJECT).filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code }) => code).filter((code) => !/^sql-(?:params|statement)$/.test(code))).toEqual([]);

    const statement = database.prepare(query);
    const refused = await (params.length > 0 ? statement.bind(...params) : statement).all().then(
      () => false,
      () => true,
    );
    expect({ query, refused: errors.length > 0 }).toEqual({ query, refused });
  });
});
