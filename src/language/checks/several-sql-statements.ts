import type { Check } from './check.ts';
import { constantSql, sqlQueriesOf } from './sql/sql-queries.ts';

/** D1 runs several statements in one query one after the other, and hands back the rows of the last one alone. */
export const severalSqlStatements: Check = {
  codes: ['several-sql-statements'],
  check(body, findings) {
    for (const query of sqlQueriesOf(body)) {
      const constant = constantSql(query);
      if (constant === undefined) continue;
      const { statements, unclosed } = constant.script;
      const [, second] = statements;
      if (unclosed !== undefined || second === undefined) continue;
      const first = second.tokens[0] ?? second;
      findings.report(
        'several-sql-statements',
        constant.scalar.at(first.start, first.end),
        `the query of "${query.agent}" holds ${statements.length} statements; only the rows of the last one come back`,
        { help: 'list them under `statements:`, each with its own `params`; they run in one transaction, all of them or none' },
      );
    }
  },
};
