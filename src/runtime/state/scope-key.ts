import { failure } from '../failure.ts';
import { describeValue } from '../schema/describe.ts';

/**
 * The scope that an evaluated `state.key` names: a text as it is, a number or boolean as text. Throws CONFIG_INVALID for anything else, for an
 * empty text, under which runs that were meant to be apart would share their state, and for one with half of a surrogate pair: backends keep UTF-8, in which
 * all of these halves are the same.
 */
export function parseScope(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string' && value !== '' && value.isWellFormed()) return value;
  const found = value === '' ? 'an empty text' : typeof value === 'string' ? 'a text with half of a surrogate pair' : describeValue(value);
  throw failure('CONFIG_INVALID', `state.key: expected a text that is not empty, found ${found}. The key names the scope that runs share`);
}
