import { Fields } from '../model/fields.ts';
import type { ParsedBody } from '../model/parsed-body.ts';
import type { Check } from './check.ts';
import { type AgentSettings, settingsOf } from './settings/agent-settings.ts';
import { constantText } from './settings/constant-text.ts';
import { constantSql, sqlQueriesOf } from './sql/sql-queries.ts';

/** A `POST` may be a query: what it does is not known. */
const WRITING_METHODS: ReadonlySet<string> = new Set(['PUT', 'PATCH', 'DELETE']);
const WRITING_ACTIONS: ReadonlySet<string> = new Set(['put', 'delete']);
const WRITING_SQL: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'replace', 'create', 'drop', 'alter']);

/** An output from the cache means that the agent did not run (LANGUAGE §2 `cache`): what it was there for does not happen. */
export const cachedEffect: Check = {
  codes: ['cached-effect'],
  check(body, findings) {
    const writers = agentsThatWrite(body);
    for (const { agent, name, operation, fields } of settingsOf(body, 'http', 'storage', 'data', 'log', 'wait', 'approval')) {
      const entry = new Fields(agent.model.source).entry('cache');
      if (entry?.value.kind !== 'mapping') continue;
      const effect = writers.has(name) ? 'changes the database' : effectOf(operation.text, fields);
      if (effect === undefined) continue;
      findings.report('cached-effect', entry.key.span, `"${name}" ${effect}; with an output from the cache that does not happen`, {
        help: 'a `cache` is for what only reads or computes: take it out, or let an agent before this one have it',
      });
    }
  },
};

function effectOf(operation: string, fields: AgentSettings['fields']): string | undefined {
  switch (operation) {
    case 'http': {
      const method = constantText(fields.value('method'))?.text.toUpperCase() ?? 'GET';
      return WRITING_METHODS.has(method) ? `sends a ${method} request` : undefined;
    }
    case 'storage': {
      const action = constantText(fields.value('action'))?.text ?? '';
      return WRITING_ACTIONS.has(action) && fields.text('type') !== 'd1' ? `does a \`${action}\`` : undefined;
    }
    case 'log':
      return 'writes a log entry';
    case 'wait':
      return 'waits';
    case 'approval':
      return 'asks somebody';
    default:
      return undefined;
  }
}

/** The names of the agents one of whose statements surely writes. */
function agentsThatWrite(body: ParsedBody): ReadonlySet<string> {
  return new Set(
    sqlQueriesOf(body).flatMap((query) => {
      const sql = constantSql(query);
      const writes = sql?.script.statements.some(({ tokens: [first] }) => {
        return first !== undefined && WRITING_SQL.has(sql.text.slice(first.start, first.end).toLowerCase());
      });
      return writes ? [query.agent] : [];
    }),
  );
}
