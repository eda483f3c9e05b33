import type { JsonObject, JsonValue } from '../../../program/json.ts';
import type { D1Like, D1StatementLike } from '../../ports.ts';
import { describeValue } from '../../schema/describe.ts';
import { Config } from '../config.ts';
import type { OperationContext } from '../operation.ts';
import { findBinding } from './find-binding.ts';
import { attempt } from './storage-failure.ts';
import type { Store } from './store.ts';

// `action` is taken and ignored: what a query does, it says itself.
const KEYS = ['type', 'backend', 'action', 'query', 'sql', 'params', 'statements', 'binding'];
const STATEMENT_KEYS = ['query', 'sql', 'params'];
/** D1's limit of bound parameters in one query. */
const MAX_PARAMS = 100;
const SHOWN_QUERY = 80;

interface Statement {
  readonly query: string;
  readonly params: readonly (string | number | null)[];
}

/**
 * LANGUAGE §5 `storage` with `type: d1`, `data` with `backend: d1`. One query gives `{rows, results, meta, success}`; `statements` run in one transaction, all or
 * none, and give `{results: [{rows, meta, success}], rows, success}`, `rows` being those of the last one. Parameters are always bound, never spliced: missing is NULL,
 * true and false are 1 and 0, objects and lists are stored as JSON text.
 */
export const d1: Store = {
  type: 'd1',
  async run(given, context) {
    const config = new Config('storage d1', given, KEYS);
    const list = config.list('statements');
    if (list !== undefined && config.either(['query', 'sql', 'params']) !== undefined) {
      throw config.invalid('takes either "query" or "statements", found both');
    }
    const statements =
      list === undefined ? [readStatement(config)] : list.map((item, index) => readStatement(statementConfig(item, index)));
    const database = findBinding(context.ports.bindings, 'd1', config.text('binding'));
    if (list !== undefined) return runBatch(database, statements, context);
    return runQuery(database, statements[0] ?? readStatement(config), context);
  },
};

async function runQuery(database: D1Like, statement: Statement, context: OperationContext): Promise<JsonValue> {
  const result = await attempt(describeQuery(statement, context), context, async () => prepare(database, statement).all());
  const rows = result.results as readonly JsonValue[];
  return { rows, results: rows, meta: result.meta as JsonObject, success: result.success };
}

async function runBatch(database: D1Like, statements: readonly Statement[], context: OperationContext): Promise<JsonValue> {
  const [first] = statements;
  if (first === undefined) return { results: [], rows: [], success: true };
  const what =
    statements.length === 1
      ? describeQuery(first, context)
      : `D1 batch of ${statements.length} statements, from ${describeQuery(first, context)},`;
  const results = await attempt(what, context, async () => database.batch(statements.map((statement) => prepare(database, statement))));
  const lists = results.map(({ results: rows, meta, success }) => ({
    rows: rows as readonly JsonValue[],
    meta: meta as JsonObject,
    success,
  }));
  return { results: lists, rows: lists.at(-1)?.rows ?? [], success: lists.every(({ success }) => success) };
}

function prepare(database: D1Like, { query, params }: Statement): D1StatementLike {
  const statement = database.prepare(query);
  return params.length === 0 ? statement : statement.bind(...params);
}

function statementConfig(item: JsonValue, index: number): Config {
  return new Config(`storage d1, statement ${index + 1},`, typeof item === 'string' ? { query: item } : item, STATEMENT_KEYS);
}

function readStatement(config: Config): Statement {
  const key = config.either(['query', 'sql']) ?? 'query';
  const query = config.requiredText(key, '"SELECT * FROM users WHERE id = ?"');
  const params = config.list('params') ?? [];
  if (params.length > MAX_PARAMS) throw config.invalid(`binds at most ${MAX_PARAMS} params, found ${describeValue(params)}`);
  return { query, params: params.map(toSql) };
}

/** A value as SQLite keeps it. */
function toSql(value: JsonValue | undefined): string | number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

function describeQuery({ query }: Statement, { redact }: OperationContext): string {
  const line = redact(query).trim().split('\n')[0]?.trim() ?? '';
  return `D1 query "${line.length > SHOWN_QUERY ? `${line.slice(0, SHOWN_QUERY)}…` : line}"`;
}
