/**
 * The backend's own tables. `_ensemble_state` is what a scope holds now, one row a key, the value as JSON text, so that it reads well in plain
 * SQL. `_ensemble_state_commits` has one row for each version: its greatest version is the scope's. History is kept until someone deletes it; an empty value there says
 * that the key was deleted.
 */
export const D1_STATE_TABLES = [
  `CREATE TABLE IF NOT EXISTS _ensemble_state (
    scope TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, version INTEGER NOT NULL,
    written_at INTEGER NOT NULL, tainted INTEGER NOT NULL,
    PRIMARY KEY (scope, key))`,
  `CREATE TABLE IF NOT EXISTS _ensemble_state_history (
    scope TEXT NOT NULL, version INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, run TEXT NOT NULL, agent TEXT NOT NULL,
    written_at INTEGER NOT NULL, valid_until INTEGER, tainted INTEGER NOT NULL, attempt INTEGER,
    PRIMARY KEY (scope, version, key))`,
  `CREATE TABLE IF NOT EXISTS _ensemble_state_commits (
    scope TEXT NOT NULL, version INTEGER NOT NULL, id TEXT NOT NULL, token TEXT NOT NULL, run TEXT NOT NULL, committed_at INTEGER,
    PRIMARY KEY (scope, version), UNIQUE (scope, id))`,
] as const;

/** Columns that the tables of an earlier version lack. */
export const D1_ADDED_COLUMNS = [
  { table: '_ensemble_state_history', column: 'attempt' },
  { table: '_ensemble_state_commits', column: 'committed_at' },
] as const;

export const D1_SELECT_TABLES = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_ensemble_state_commits'";

export const D1_SELECT_VERSION = 'SELECT COALESCE(MAX(version), 0) AS version FROM _ensemble_state_commits WHERE scope = ?1';
export const D1_SELECT_KEYS = 'SELECT key, value, version, written_at, tainted FROM _ensemble_state WHERE scope = ?1 ORDER BY rowid';
export const D1_SELECT_COMMIT = 'SELECT version FROM _ensemble_state_commits WHERE scope = ?1 AND id = ?2';
export const D1_SELECT_TOKEN = 'SELECT token FROM _ensemble_state_commits WHERE scope = ?1 AND version = ?2';
export const D1_SELECT_HISTORY = `SELECT key, value, version, run, agent, attempt, written_at, valid_until, tainted FROM _ensemble_state_history
  WHERE scope = ?1 AND written_at >= ?2 ORDER BY version, rowid`;

/** The compare and swap: adds version base + 1 only while base is the newest and the id is new. ?1 scope ?2 base ?3 id ?4 token ?5 run */
export const D1_INSERT_COMMIT = `INSERT OR IGNORE INTO _ensemble_state_commits (scope, version, id, token, run, committed_at)
  SELECT ?1, ?2 + 1, ?3, ?4, ?5, CAST(ROUND(unixepoch('subsec') * 1000) AS INTEGER) WHERE (SELECT COALESCE(MAX(version), 0) FROM _ensemble_state_commits WHERE scope = ?1) = ?2`;

/** True only when the swap in this very batch went through: the token is drawn for this one try. ?1 scope ?2 version ?3 token */
const SWAPPED = 'EXISTS (SELECT 1 FROM _ensemble_state_commits WHERE scope = ?1 AND version = ?2 AND token = ?3)';

const STATE_COLUMNS = '(scope, version, key, value, written_at, tainted)';
const UPSERT = `ON CONFLICT (scope, key) DO UPDATE SET
  value = excluded.value, version = excluded.version, written_at = excluded.written_at, tainted = excluded.tainted`;
const HISTORY_COLUMNS = '(scope, version, key, value, written_at, tainted, run, agent, valid_until, attempt)';

/** Many small keys at once: ?4 is a JSON list of [key, value as JSON text, written at, tainted, agent, valid until, attempt], ?5 the run. */
export const D1_UPSERT_KEYS = `INSERT INTO _ensemble_state ${STATE_COLUMNS}
  SELECT ?1, ?2, e.value ->> 0, e.value ->> 1, e.value ->> 2, e.value ->> 3 FROM json_each(?4) AS e WHERE ${SWAPPED} ${UPSERT}`;
export const D1_INSERT_HISTORY = `INSERT INTO _ensemble_state_history ${HISTORY_COLUMNS}
  SELECT ?1, ?2, e.value ->> 0, e.value ->> 1, e.value ->> 2, e.value ->> 3, ?5, e.value ->> 4, e.value ->> 5, e.value ->> 6 FROM json_each(?4) AS e WHERE ${SWAPPED}`;

/** One large key by itself, so that its text is not escaped once more: ?4 key ?5 value ?6 written at ?7 tainted ?8 run ?9 agent ?10 valid until ?11 attempt. */
export const D1_UPSERT_KEY = `INSERT INTO _ensemble_state ${STATE_COLUMNS} SELECT ?1, ?2, ?4, ?5, ?6, ?7 WHERE ${SWAPPED} ${UPSERT}`;
export const D1_INSERT_HISTORY_OF_KEY = `INSERT INTO _ensemble_state_history ${HISTORY_COLUMNS}
  SELECT ?1, ?2, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 WHERE ${SWAPPED}`;

/** Takes out what the same batch has written as deleted. */
export const D1_DELETE_KEYS = `DELETE FROM _ensemble_state WHERE scope = ?1 AND version = ?2 AND value = '' AND ${SWAPPED}`;
