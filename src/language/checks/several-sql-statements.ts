import type { Check } from './check.ts';
import { constantText } from './settings/constant-text.ts';
import { sqlQueriesOf } from './sql/sql-queries.ts';
import { readSqlScript } from './sql/sql-script.ts';

/** D1 runs several statements in one query one after the other, and hands back the rows of the last one alone. */
export const severalSqlStatements: Check = {
  codes: ['several-sql-statements'],
  check(body, findings) {
    for (const { agent, query } of sqlQueriesOf(body)) {
      const constant = constantText(query.written);
      if (constant === undefined) continue;
      const { statements, unclosed } = readSqlScript(constant.text);
      const [, second] = statements;
      if (unclosed !== undefined || second === undefined) continue;
      const first = second.tokens[0] ?? second;
      findings.report(
        'several-sql-statements',
        constant.scalar.at(first.start, first.end),
        `the query of "${agent}" holds ${statements.length} statements; only the rows of the last one come back`,
        { help: 'list them under `statements:`, each with its own `params`; they run in one transaction, all of them or none' },
      );
    }
  },
};
