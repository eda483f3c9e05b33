import type { Expression, Template } from '../../program/expression.ts';
import type { Located } from '../document/located.ts';
import type { AgentModel } from '../model/body-model.ts';
import { Fields } from '../model/fields.ts';
import type { Check } from './check.ts';

/**
 * A value inside the text of a SQL query would be read by SQLite as SQL: data would become code. Values belong into `params`, which are bound. A query that is one
 * expression as a whole (an agent that runs the query it is given) is the author's own choice, unless that expression joins texts.
 */
export const splicedSql: Check = {
  codes: ['spliced-sql'],
  check(body, findings) {
    for (const { model, config } of body.agents) {
      if (config === undefined || !runsSql(model)) continue;
      for (const { written, template } of queriesOf(model.config, config.template)) {
        const hole = splicedHole(template);
        if (hole === undefined) continue;
        findings.report('spliced-sql', written.span, `the value of ${hole} would become part of the SQL text of "${model.name.text}"`, {
          help: 'write `?` in its place, without quotes, and list the expression under `params:`; there it is bound as a value',
        });
      }
    }
  },
};

function runsSql({ work, config }: AgentModel): boolean {
  if (work.type !== 'operation') return false;
  if (work.operation.text === 'data') return true;
  return work.operation.text === 'storage' && new Fields(config).text('type') === 'd1';
}

interface Query {
  readonly written: Located;
  readonly template: Template;
}

/** `query` (or `sql`) of the config and of each of its `statements`, which may also be plain texts. */
function queriesOf(config: Located | undefined, template: Template): readonly Query[] {
  const own = entriesOf(config, template).filter(({ key }) => key === 'query' || key === 'sql');
  const statements = entriesOf(config, template).filter(({ key }) => key === 'statements');
  return [...own, ...statements.flatMap(statementQueries)];
}

function statementQueries({ written, template }: Query): readonly Query[] {
  if (written.kind !== 'list' || template.type !== 'list') return [];
  return written.items.flatMap((item, index): readonly Query[] => {
    const value = template.items[index];
    if (value === undefined) return [];
    return item.kind === 'scalar' ? [{ written: item, template: value }] : queriesOf(item, value);
  });
}

function entriesOf(written: Located | undefined, template: Template): readonly (Query & { readonly key: string })[] {
  if (written?.kind !== 'mapping' || template.type !== 'mapping') return [];
  return written.entries.flatMap(({ key, value }) => {
    const entry = template.entries.find((candidate) => candidate.key === key.text);
    return entry === undefined ? [] : [{ key: key.text, written: value, template: entry.value }];
  });
}

/** The source of the first expression whose value would stand inside of a longer text. */
function splicedHole(template: Template): string | undefined {
  if (template.type === 'hole') return joinsTexts(template.expression) ? template.source : undefined;
  if (template.type !== 'text') return undefined;
  for (const part of template.parts) if (typeof part !== 'string') return part.source;
  return undefined;
}

function joinsTexts(expression: Expression): boolean {
  return (expression.type === 'template' && expression.values.length > 0) || (expression.type === 'binary' && expression.operator === '+');
}
