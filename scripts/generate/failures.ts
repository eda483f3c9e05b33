import { FAILURE_CODES } from '../../src/program/failure.ts';
import { renderCodes } from './codes-page.ts';

/** docs/failures.md: every code that a run can fail with. */
export function renderFailures(): string {
  return renderCodes(
    'Failure codes',
    'What a failed agent or run carries in `failure.code`. Made from `src/program/failure.ts` by `npm run generate`.',
    FAILURE_CODES,
  );
}
