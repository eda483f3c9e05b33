import type { CodeCallMark } from '../../program/code-marks.ts';
import type { Failure } from '../../program/failure.ts';
import { CPU_LIMIT_MS, HEAP_MIB, MAX_CPU_LIMIT_MS, MEMORY_LIMIT_BYTES } from './watchdog-limits.ts';

/** What a call fails with that computed for longer than it may. Another try would do the same. */
export function cpuFailure(mark: CodeCallMark): Failure {
  const limitMs = Math.min(mark.limitMs ?? CPU_LIMIT_MS, MAX_CPU_LIMIT_MS);
  const owner = mark.left === true ? 'that were left to what it is part of' : 'of its timeout';
  const limit = mark.limitMs === limitMs ? `the ${limitMs} ms ${owner}` : `${limitMs / 1_000} s`;
  const message = `The code computed without a pause for longer than ${limit}, while nothing else could run, and was ended.`;
  return { code: 'CPU_LIMIT', message, retryable: false, details: { limit_ms: limitMs } };
}

/** What a call fails with that took more memory than there is for it. */
export function memoryFailure(): Failure {
  const message = `The code took more than ${MEMORY_LIMIT_BYTES / 1024 ** 3} GiB of memory, or ${HEAP_MIB} MiB with its JavaScript values alone, and was ended.`;
  return { code: 'MEMORY_LIMIT', message, retryable: false, details: { limit_bytes: MEMORY_LIMIT_BYTES } };
}
