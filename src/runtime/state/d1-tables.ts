import type { D1Like, D1StatementLike } from '../ports.ts';
import { D1_ADDED_COLUMNS, D1_SELECT_TABLES, D1_STATE_TABLES } from './d1-schema.ts';

/** Databases that are known to have the tables, so that only an isolate's first use of one asks for them. */
const prepared = new WeakMap<D1Like, Promise<unknown>>();

/** Runs the statements as one transaction and gives their rows. The tables of the state are made first where they are missing. */
export async function batchD1(database: D1Like, statements: D1StatementLike[]): Promise<readonly unknown[][]> {
  try {
    const tables = prepared.get(database) ?? prepareTables(database);
    prepared.set(database, tables);
    await tables;
    return (await database.batch(statements)).map(({ results }) => results);
  } catch (error) {
    // The tables may have been dropped meanwhile: the next use asks for them again.
    prepared.delete(database);
    throw error;
  }
}

/** Whether the database has the tables of the state; looking makes none. */
export async function hasStateTables(database: D1Like): Promise<boolean> {
  const [found] = await database.batch([database.prepare(D1_SELECT_TABLES)]);
  return found !== undefined && found.results.length > 0;
}

async function prepareTables(database: D1Like): Promise<void> {
  await database.batch(D1_STATE_TABLES.map((table) => database.prepare(table)));
  const found = await database.batch(
    D1_ADDED_COLUMNS.map(({ table, column }) =>
      database.prepare('SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2').bind(table, column),
    ),
  );
  for (const [index, { table, column }] of D1_ADDED_COLUMNS.entries()) {
    if (found[index]?.results.length === 0) await addColumn(database, table, column);
  }
}

async function addColumn(database: D1Like, table: string, column: string): Promise<void> {
  try {
    await database.batch([database.prepare(`ALTER TABLE ${table} ADD COLUMN ${column} INTEGER`)]);
  } catch (error) {
    // Another isolate came first.
    if (!(error instanceof Error && error.message.includes('duplicate column'))) throw error;
  }
}
