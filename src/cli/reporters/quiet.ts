import type { Reporter } from './reporter.ts';

/** Says nothing: what a caller must know comes with the output or the error at the end. */
export function createQuietReporter(): Reporter {
  return { notice: () => {}, event: () => {}, close: () => {} };
}
