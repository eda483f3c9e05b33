import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { applyMigrations } from '../../src/node/d1-migrations.ts';
import type { D1Like } from '../../src/runtime/ports.ts';

let miniflare: Miniflare;
let folder: string;
let round = 0;
let db: D1Like;

beforeAll(() => {
  miniflare = new Miniflare({
    modules: true,
    script: 'export default {}',
    d1Databases: Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`DB${i}`, `DB${i}`])),
  });
});
afterAll(() => miniflare.dispose());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ensemble-migrations-'));
  db = (await miniflare.getD1Database(`DB${round++}`)) as unknown as D1Like;
  return () => rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, sql: string) => writeFileSync(join(folder, name), sql);
const apply = () =>
  applyMigrations({ binding: 'DB', id: 'DB', migrationsDir: folder, migrationsTable: 'd1_migrations' }, () => Promise.resolve(db));
const rows = async (query: string) => (await db.prepare(query).all()).results;

describe('applyMigrations', () => {
  test('pending files are applied once, in the order of their numbers, and recorded as wrangler records them', async () => {
    write('0010_fill.sql', `INSERT INTO t VALUES ('semi;colon -- in text');`);
    write(
      '0002_create.sql',
      '-- first; of all\nCREATE TABLE t(x TEXT);\nCREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET x = upper(x); END;',
    );
    write('notes.md', 'no migration');
    expect(await apply()).toEqual(['0002_create.sql', '0010_fill.sql']);
    expect(await rows('SELECT x FROM t')).toEqual([{ x: 'SEMI;COLON -- IN TEXT' }]);
    expect(await rows('SELECT id, name FROM d1_migrations')).toEqual([
      { id: 1, name: '0002_create.sql' },
      { id: 2, name: '0010_fill.sql' },
    ]);
    expect(await apply()).toEqual([]);
    write('0011_more.sql', `INSERT INTO t VALUES ('b')`);
    expect(await apply()).toEqual(['0011_more.sql']);
  });

  test('a file that the database refuses leaves nothing of itself; those before it stay', async () => {
    write('1_good.sql', 'CREATE TABLE good(x);');
    write('2_bad.sql', 'CREATE TABLE half(x); INSERT INTO nowhere VALUES (1);');
    await expect(apply()).rejects.toThrow(/2_bad\.sql: the migration was not applied to DB: no such table: nowhere/);
    expect(await rows(`SELECT name FROM sqlite_schema WHERE name IN ('good', 'half')`)).toEqual([{ name: 'good' }]);
    expect(await rows('SELECT name FROM d1_migrations')).toEqual([{ name: '1_good.sql' }]);
  });

  test('a file of comments alone is recorded', async () => {
    write('1_empty.sql', '-- nothing here\n/* nor\n here */\n');
    expect(await apply()).toEqual(['1_empty.sql']);
  });

  test('comments after the last statement are no statement', async () => {
    write('1_lines.sql', `CREATE TABLE a(x);\nINSERT INTO a VALUES ('-- not; this');  -- seed\n/* the end */\n-- really`);
    write('2_open.sql', `CREATE TABLE b("it's -- x"); /* never closed`);
    expect(await apply()).toEqual(['1_lines.sql', '2_open.sql']);
    expect(await rows('SELECT x FROM a')).toEqual([{ x: '-- not; this' }]);
    expect(await rows('SELECT * FROM b')).toEqual([]);
  });

  test('a folder that is missing or empty opens no database', async () => {
    mkdirSync(join(folder, 'empty'));
    const refuse = () => Promise.reject(new Error('opened'));
    const database = { binding: 'DB', id: 'DB', migrationsTable: 'd1_migrations' };
    expect(await applyMigrations({ ...database, migrationsDir: join(folder, 'empty') }, refuse)).toEqual([]);
    expect(await applyMigrations({ ...database, migrationsDir: join(folder, 'none') }, refuse)).toEqual([]);
    expect(await applyMigrations(database, refuse)).toEqual([]);
  });
});
