import { FAILURE_CODES } from '../../src/program/failure.ts';

/** docs/failures.md: every code that a run can fail with. */
export function renderFailures(): string {
  const rows = Object.entries(FAILURE_CODES).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return `${[
    '# Failure codes',
    '',
    'What a failed agent or run carries in `failure.code`. Made from `src/program/failure.ts` by `npm run generate`.',
    '',
    '| code | meaning |',
    '| --- | --- |',
    ...rows,
  ].join('\n')}\n`;
}
