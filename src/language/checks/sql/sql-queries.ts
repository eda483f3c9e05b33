import type { Template } from '../../../program/expression.ts';
import type { Located, LocatedScalar } from '../../document/located.ts';
import { Fields } from '../../model/fields.ts';
import type { ParsedBody } from '../../model/parsed-body.ts';
import { settingsOf } from '../settings/agent-settings.ts';
import { type ConstantText, constantText } from '../settings/constant-text.ts';
import { readSqlScript, type SqlScript } from './sql-script.ts';

/** A value as it is written, and its parsed form when there is an expression in it. */
export interface WrittenValue {
  readonly written: Located;
  readonly template: Template | undefined;
}

/** One SQL query of the file with the values that are bound to it. */
export interface SqlQuery {
  /** The name of the agent that runs it. */
  readonly agent: string;
  readonly query: WrittenValue;
  readonly params: WrittenValue | undefined;
}

/** A query whose text is fixed. */
export interface ConstantSql extends ConstantText {
  readonly script: SqlScript;
}

/** Several rules look at each query; its text is read once. */
const scripts = new WeakMap<LocatedScalar, SqlScript>();

/** Undefined when an expression has a part in the text. */
export function constantSql({ query }: SqlQuery): ConstantSql | undefined {
  const constant = constantText(query.written);
  if (constant === undefined) return undefined;
  const script = scripts.get(constant.scalar) ?? readSqlScript(constant.text);
  scripts.set(constant.scalar, script);
  return { ...constant, script };
}

/** Every query: `query` (or `sql`) in the config of an agent that runs SQL, and each of its `statements`, which may also be plain texts. */
export function sqlQueriesOf(body: ParsedBody): readonly SqlQuery[] {
  return settingsOf(body, 'data', 'storage').flatMap(({ agent, name, operation, fields }): readonly SqlQuery[] => {
    const written = agent.model.config;
    if (written === undefined || (operation.text === 'storage' && fields.text('type') !== 'd1')) return [];
    const config = { written, template: agent.config?.template };
    const statements = valueAt(config, 'statements');
    return [...readQuery(name, config), ...itemsOf(statements).flatMap((statement) => readQuery(name, statement))];
  });
}

function readQuery(agent: string, value: WrittenValue): readonly SqlQuery[] {
  if (value.written.kind === 'scalar') return [{ agent, query: value, params: undefined }];
  const query = valueAt(value, 'query') ?? valueAt(value, 'sql');
  return query === undefined ? [] : [{ agent, query, params: valueAt(value, 'params') }];
}

function valueAt({ written, template }: WrittenValue, key: string): WrittenValue | undefined {
  const value = new Fields(written).value(key);
  if (value === undefined) return undefined;
  return {
    written: value,
    template: template?.type === 'mapping' ? template.entries.find((entry) => entry.key === key)?.value : undefined,
  };
}

function itemsOf(value: WrittenValue | undefined): readonly WrittenValue[] {
  if (value?.written.kind !== 'list') return [];
  const { template } = value;
  return value.written.items.map((written, index) => ({
    written,
    template: template?.type === 'list' ? template.items[index] : undefined,
  }));
}
