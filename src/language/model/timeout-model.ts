import type { Located } from '../document/located.ts';
import type { TimeoutModel } from './body-model.ts';
import { readDuration } from './constants.ts';
import { Fields } from './fields.ts';
import type { Findings } from './findings.ts';

/** `timeout: 30s`, or `timeout: { attempt: 10s, total: 1m }`; undefined when there is none or nothing of it can be read. */
export function readTimeout(value: Located | undefined, findings: Findings): TimeoutModel | undefined {
  const isMapping = value?.kind === 'mapping';
  const fields = new Fields(value);
  const attempt = value?.kind === 'scalar' ? value : fields.scalar('attempt');
  const attemptMs = readDuration(attempt, isMapping ? 'timeout.attempt' : 'timeout', findings);
  const totalMs = readDuration(fields.scalar('total'), 'timeout.total', findings);
  if (attemptMs === undefined && totalMs === undefined) return undefined;
  return { ...(attemptMs !== undefined && { attemptMs }), ...(totalMs !== undefined && { totalMs }) };
}
