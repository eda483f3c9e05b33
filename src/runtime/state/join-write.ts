import type { JsonValue } from '../../program/json.ts';
import { failure } from '../failure.ts';
import { describeValue } from '../schema/describe.ts';
import type { KeyRule } from './key-rules.ts';
import { REDUCERS } from './reducers.ts';

/**
 * The value that `key` has after `write`: joined to the present one by the key's reducer and checked against its schema. Throws STATE_TYPE;
 * `subject` begins the message (`Agent "count"`).
 */
export function joinWrite(key: string, rule: KeyRule, current: JsonValue | undefined, write: JsonValue, subject: string): JsonValue {
  const joined = rule.reducer === 'replace' ? write : REDUCERS[rule.reducer].join(current, write);
  if (joined === undefined) {
    const found = rule.secret
      ? 'what it holds and what was written are others'
      : `it holds ${describeValue(current)}, written was ${describeValue(write)}`;
    throw failure(
      'STATE_TYPE',
      `${subject} sets state key "${key}": reducer "${rule.reducer}" joins ${REDUCERS[rule.reducer].joins}; ${found}`,
    );
  }
  const problem = rule.check(joined);
  if (problem !== undefined) throw failure('STATE_TYPE', `${subject} sets state key "${key}"${problem}`);
  return joined;
}
