import type { Findings } from '../model/findings.ts';
import type { Check } from './check.ts';
import { type ConstantSql, constantSql, type SqlQuery, sqlQueriesOf, type WrittenValue } from './sql/sql-queries.ts';
import type { SqlParameter } from './sql/sql-script.ts';

/** D1's limit of bound parameters in one query (https://developers.cloudflare.com/d1/platform/limits/). */
const MAX_PARAMS = 100;

/** D1 refuses a query whose parameters are not exactly as many as the values that are bound to it; only its last statement may have any. */
export const sqlParams: Check = {
  codes: ['sql-params'],
  check(body, findings) {
    for (const query of sqlQueriesOf(body)) {
      const sql = constantSql(query);
      if (sql !== undefined) checkQuery(query, sql, findings);
    }
  },
};

function checkQuery({ agent, params }: SqlQuery, { text, scalar, script }: ConstantSql, findings: Findings): void {
  const { statements, unclosed } = script;
  const last = statements.at(-1);
  if (unclosed !== undefined || last === undefined) return;
  const report = ({ start, end }: SqlParameter, message: string, help: string) =>
    findings.report('sql-params', scalar.at(start, end), message, { help });

  const early = statements.slice(0, -1).flatMap(({ parameters }) => parameters)[0];
  if (early !== undefined) {
    report(
      early,
      `only the last statement of a query can have parameters ("${agent}")`,
      'list the statements under `statements:`, each with its own `params`',
    );
    return;
  }
  const outside = last.parameters.find(({ index }) => index < 1 || index > MAX_PARAMS);
  if (outside !== undefined) {
    report(outside, `parameters are numbered from ?1 to ?${MAX_PARAMS}`, 'D1 binds at most 100 values to one query');
    return;
  }
  const needed = last.parameters.reduce((highest, { index }) => Math.max(highest, index), 0);
  const given = countParams(params);
  if (given === undefined || given === needed) return;

  const counts = `the query of "${agent}" has ${plural(needed, 'parameter')}, and \`params\` ${given === 0 ? 'gives none' : `gives ${plural(given, 'value')}`}`;
  if (given < needed) {
    const missing = last.parameters.find(({ index }) => index > given);
    const first = given === 0 ? 'add `params:` with one value' : 'add a value';
    if (missing !== undefined) report(missing, counts, `${first} for each \`?\`, in their order`);
    return;
  }
  const { written } = params ?? {};
  if (written === undefined) return;
  const surplus = written.kind === 'list' ? written.items[needed] : undefined;
  const isQuoted = last.tokens.some(({ type, start, end }) => /text|quotedName/.test(type) && /^.\?.$/.test(text.slice(start, end)));
  findings.report('sql-params', (surplus ?? written).span, counts, {
    help: isQuoted ? 'a `?` in quotes is text: write it without them' : 'each value needs a `?` in the query',
  });
}

/** How many values are bound; undefined when only the run can tell. */
function countParams(params: WrittenValue | undefined): number | undefined {
  if (params === undefined) return 0;
  if (params.written.kind === 'list') return params.written.items.length;
  const { template } = params;
  if (template?.type !== 'hole' || template.expression.type !== 'array') return undefined;
  const { items } = template.expression;
  return items.some(({ type }) => type === 'spread') ? undefined : items.length;
}

function plural(count: number, noun: string): string {
  return `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}`;
}
