import type { JsonValue } from '../../program/json.ts';
import { FailureError, failure } from '../failure.ts';
import { describeValue } from '../schema/describe.ts';
import type { KeyRule } from './key-rules.ts';

/**
 * The value that `key` has after `write`: joined to the present one by the key's reducer and checked against its schema. Throws STATE_TYPE;
 * `subject` begins the message (`Agent "count"`).
 */
export function joinWrite(key: string, rule: KeyRule, current: JsonValue | undefined, write: JsonValue, subject: string): JsonValue {
  const joined = rule.replaces ? write : join(key, rule, current, write, subject);
  const problem = rule.check(joined);
  if (problem !== undefined) throw failure('STATE_TYPE', `${subject} sets state key "${key}"${problem}`);
  return joined;
}

function join(
  key: string,
  { reducer, reducerName, secret }: KeyRule,
  current: JsonValue | undefined,
  write: JsonValue,
  subject: string,
): JsonValue {
  const fail = (why: string): FailureError => failure('STATE_TYPE', `${subject} sets state key "${key}": reducer "${reducerName}" ${why}`);
  let joined: JsonValue | undefined;
  try {
    joined = reducer.join(current, write);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    throw fail(secret ? 'fails' : `fails: ${error.failure.message}`);
  }
  if (joined !== undefined) return joined;
  const found = secret
    ? 'what it holds and what was written are others'
    : `it holds ${describeValue(current)}, written was ${describeValue(write)}`;
  throw fail(`${reducer.joins === undefined ? 'gives no value' : `joins ${reducer.joins}`}; ${found}`);
}
