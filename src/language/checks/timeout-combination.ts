import type { RetryPlan } from '../../program/program.ts';
import type { Check } from './check.ts';
import { type WrittenTimeout, writtenTimeouts } from './settings/written-timeouts.ts';

/** `total` bounds all tries and the pauses between them (LANGUAGE §2.3): where it is too short for what else is asked for, that never comes. */
export const timeoutCombination: Check = {
  codes: ['timeout-combination'],
  check(body, findings) {
    for (const { name, timeout, retry, entry, fields } of writtenTimeouts(body)) {
      const { attemptMs, totalMs } = timeout;
      const total = fields.value('total');
      if (totalMs === undefined || totalMs === 0) continue;
      if (attemptMs !== undefined && attemptMs > totalMs) {
        findings.report(
          'timeout-combination',
          (fields.value('attempt') ?? entry.value).span,
          `one try of "${name}" may take longer than all of them`,
          {
            help: '`total` ends each try, and there is no other one: raise it, or lower `attempt`',
          },
        );
      } else if (neverTriedAgain(timeout, retry)) {
        findings.report(
          'timeout-combination',
          (total ?? entry.value).span,
          `"${name}" is never tried again: the first pause is at least as long as its \`total\``,
          {
            help: 'the pause before the second try is its `initialDelay` (1s when it says nothing): raise `total`, or lower the delay',
          },
        );
      }
    }
  },
};

/** Drawn with `jitter` a pause is at least half as long. */
function neverTriedAgain(
  { totalMs = 0 }: WrittenTimeout['timeout'],
  { maxAttempts, initialDelayMs, maxDelayMs, jitter }: RetryPlan,
): boolean {
  const shortest = Math.min(initialDelayMs, maxDelayMs) * (jitter ? 0.5 : 1);
  return maxAttempts > 1 && shortest >= totalMs;
}
