import type { Expression, Template } from '../../program/expression.ts';
import type { Check } from './check.ts';
import { sqlQueriesOf } from './sql/sql-queries.ts';

/**
 * A value inside the text of a SQL query would be read by SQLite as SQL: data would become code. Values belong into `params`, which are bound. A query that is one
 * expression as a whole (an agent that runs the query it is given) is the author's own choice, unless that expression joins texts.
 */
export const splicedSql: Check = {
  codes: ['spliced-sql'],
  check(body, findings) {
    for (const { agent, query } of sqlQueriesOf(body)) {
      const hole = query.template && splicedHole(query.template);
      if (hole === undefined) continue;
      findings.report('spliced-sql', query.written.span, `the value of ${hole} would become part of the SQL text of "${agent}"`, {
        help: 'write `?` in its place, without quotes, and list the expression under `params:`; there it is bound as a value',
      });
    }
  },
};

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
