import type { RetryPlan } from '../../program/program.ts';
import type { Located } from '../document/located.ts';
import { readDuration, readNumber } from './constants.ts';
import { Fields } from './fields.ts';
import type { Findings } from './findings.ts';

/**
 * An agent's `retry` (LANGUAGE §2.3). Without one there is one try; `retry: 3` is `maxAttempts: 3`. What a `retry` does not say: 3 attempts,
 * exponential from 1 s to 30 s, and no jitter, so that the delays are those of the formula unless the author asks for a draw.
 */
export function readRetry(value: Located | undefined, findings: Findings): RetryPlan {
  const fields = new Fields(value);
  const count = value?.kind === 'scalar' ? value : fields.scalar('maxAttempts', 'max_attempts', 'attempts');
  const maxAttempts = readNumber(count, 'maxAttempts', findings, { min: 1, max: 1_000 });
  const backoff = fields.text('backoff');
  const retryOn = fields.value('retryOn', 'retry_on');
  return {
    maxAttempts: maxAttempts ?? (value === undefined ? 1 : 3),
    backoff: backoff === 'linear' || backoff === 'fixed' ? backoff : 'exponential',
    initialDelayMs: readDuration(fields.scalar('initialDelay', 'initial_delay'), 'initialDelay', findings) ?? 1_000,
    maxDelayMs: readDuration(fields.scalar('maxDelay', 'max_delay'), 'maxDelay', findings) ?? 30_000,
    jitter: fields.scalar('jitter')?.value === true,
    retryOn: (retryOn?.kind === 'list' ? retryOn.items : []).flatMap((item) =>
      item.kind === 'scalar' && typeof item.value === 'number' ? [item.value] : [],
    ),
  };
}
