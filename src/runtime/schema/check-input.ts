import type { JsonSchema, JsonValue } from '../../program/json.ts';
import { applyDefaults } from './apply-defaults.ts';
import { cannotBeChecked, checkSchema } from './check-schema.ts';
import { describeValue } from './describe.ts';
import type { SchemaProblem } from './schema-problem.ts';

export type CheckedInput = { readonly value: JsonValue } | { readonly problems: readonly SchemaProblem[] };

/**
 * The input of a run or an agent file (LANGUAGE §1 `input`): defaults filled in, then checked field by field. No input at all is an empty
 * object. Without a schema any object is accepted. Fields that the schema does not declare are kept, for triggers add their own (§8).
 */
export function checkInput(schema: JsonSchema | undefined, input: JsonValue | undefined): CheckedInput {
  const given = input ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) {
    return { problems: [{ path: '', message: `expected an object, found ${describeValue(given)}`, expected: 'object' }] };
  }
  if (schema === undefined) return { value: given };
  let value: JsonValue;
  try {
    value = applyDefaults(schema, given) ?? given;
  } catch (error) {
    return { problems: [cannotBeChecked(error)] };
  }
  const problems = checkSchema(schema, value);
  return problems.length === 0 ? { value } : { problems };
}
