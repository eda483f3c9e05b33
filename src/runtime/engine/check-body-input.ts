import type { JsonValue } from '../../program/json.ts';
import type { Body } from '../../program/program.ts';
import { failure } from '../failure.ts';
import { checkInput } from '../schema/check-input.ts';
import { findExcess } from './json-size.ts';
import { listProblems } from './list-problems.ts';

/** The input with its defaults filled in. Throws INPUT_INVALID, naming each field. `subject` begins the message: `The input`. */
export function checkBodyInput(body: Pick<Body, 'input'>, input: JsonValue, subject: string): JsonValue {
  const excess = findExcess(input);
  if (excess !== undefined) throw failure('INPUT_INVALID', `${subject} is ${excess}.`);
  const checked = checkInput(body.input, input);
  if ('value' in checked) return checked.value;
  const problems = listProblems(checked.problems);
  const end = problems.endsWith('?') ? '' : '.';
  throw failure('INPUT_INVALID', `${subject} is not what \`input\` declares: ${problems}${end}`);
}
