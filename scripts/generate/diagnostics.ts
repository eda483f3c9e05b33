import { DIAGNOSTIC_CODES } from '../../src/program/diagnostic-codes.ts';
import { renderCodes } from './codes-page.ts';

/** docs/diagnostics.md: every code that the compiler can report. */
export function renderDiagnostics(): string {
  return renderCodes(
    'Diagnostics',
    'What is found in a file before anything runs. Each finding has a stable code, a place, and mostly a way to mend it. Made from `src/program/diagnostic-codes.ts` by `npm run generate`.',
    DIAGNOSTIC_CODES,
  );
}
