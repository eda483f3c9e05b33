import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { D1Like } from '../runtime/ports.ts';
import { ProjectProblem } from './project-problem.ts';
import { readRegularText } from './read-regular.ts';
import { UnreadableText } from './read-text.ts';
import type { ConfiguredDatabase } from './wrangler/wrangler-config.ts';

/**
 * Applies the `.sql` files of the database's `migrations_dir` that it has not seen yet, in wrangler's order, each with its record in one
 * transaction. The table is wrangler's own, so `wrangler d1 migrations list --local` and this agree about what is pending.
 * @returns the names of the files that were applied.
 * @throws ProjectProblem naming the file when the database refuses it; the ones before it stay applied.
 */
export async function applyMigrations(database: ConfiguredDatabase, open: () => Promise<D1Like>): Promise<readonly string[]> {
  const { migrationsDir } = database;
  const names = listMigrations(database);
  if (migrationsDir === undefined || names.length === 0) return [];
  const db = await open();
  const table = `"${database.migrationsTable.replaceAll('"', '""')}"`;
  // As wrangler 4 creates it (packages/wrangler/src/d1/migrations).
  await db
    .prepare(
      `CREATE TABLE IF NOT EXISTS ${table}(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)`,
    )
    .all();
  const { results } = await db.prepare(`SELECT name FROM ${table}`).all();
  const applied = new Set(results.map((row) => (row as { name: string }).name));
  const pending = names.filter((name) => !applied.has(name));
  for (const name of pending) {
    const sql = withoutLastComments(read(join(migrationsDir, name)));
    const record = db.prepare(`INSERT INTO ${table} (name) VALUES (?)`).bind(name);
    try {
      await db.batch(sql !== '' ? [db.prepare(sql), record] : [record]);
    } catch (error) {
      const message = error instanceof Error ? error.message.replace(/^D1_ERROR: /, '') : String(error);
      throw new ProjectProblem(`${join(migrationsDir, name)}: the migration was not applied to ${database.binding}: ${message}`, {
        cause: error,
      });
    }
  }
  return pending;
}

/** The names of the database's migrations in wrangler's order, whether they were applied or not. */
export function listMigrations({ migrationsDir }: ConfiguredDatabase): readonly string[] {
  return migrationsDir === undefined ? [] : migrationFiles(migrationsDir);
}

function read(file: string): string {
  try {
    return readRegularText(file);
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
    throw new ProjectProblem(`${file}: the migration cannot be read: ${error.message}`, { cause: error });
  }
}

function migrationFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.sql'))
      .sort(compareMigrationNames);
  } catch {
    // wrangler, too, takes a folder that is not there yet for "no migrations".
    return [];
  }
}

/** wrangler's order: by the number before the first `_`, files with one before those without, then by name. */
function compareMigrationNames(a: string, b: string): number {
  const numberA = Number.parseInt(a, 10);
  const numberB = Number.parseInt(b, 10);
  if (Number.isNaN(numberA) !== Number.isNaN(numberB)) return Number.isNaN(numberA) ? 1 : -1;
  if (numberA !== numberB && !Number.isNaN(numberA)) return numberA - numberB;
  return a < b ? -1 : Number(a > b);
}

/** What SQL may hold besides statements: quoted text and names, in which `--` and `;` mean nothing, and comments. */
const QUOTED_OR_COMMENT = /'[^']*'|"[^"]*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;

/** The text without the comments after its last statement: D1 takes them for a statement and refuses it ("did not contain a statement"). */
function withoutLastComments(sql: string): string {
  const blanked = sql.replace(QUOTED_OR_COMMENT, (part) => (/^(?:--|\/\*)/.test(part) ? ' '.repeat(part.length) : part));
  return sql.slice(0, blanked.trimEnd().length);
}
