/**
 * The words that the schemas of ensemble and agent files are made of. JSON Schema draft-07, which both Ajv and editors' YAML language server take,
 * with a few annotations of ours (`x-…`, ignored by editors) that tell the shape check how to word a finding:
 *
 * - `title`: what the mapping is called in messages. `x-expected`: what a bad value should have been.
 * - `x-left-to`: a scalar that does not fit (with `missing-config` and `open-trigger`: a key that is missing) is reported by this rule of the compiler,
 *   which knows more; the schema only informs editors.
 * - `x-needs`: an `anyOf` of required keys: one of these is missing. `x-conflict`: a `not`: these keys exclude each other.
 *
 * Alternatives are written as `if`/`then`/`else` on the type or on a key, never as `anyOf` of shapes: so each mistake gives one error, not one for each alternative.
 */
export interface Schema {
  readonly [keyword: string]: unknown;
}

/** A string that holds an expression may stand for any value. */
export const EXPRESSION = '\\$[{<]';
const NUMBER = '^\\s*[-+]?\\d+(?:\\.\\d+)?\\s*$';
const DURATION = '^\\s*(?:\\d+(?:\\.\\d+)?|(?:\\d+(?:\\.\\d+)?(?:ms|s|m|h|d))+)\\s*$';

export const anything = (description: string): Schema => ({ description });
export const text = (description: string): Schema => ({ description, type: ['string', 'number', 'boolean'] });
export const flag = (description: string): Schema => ({ description, type: 'boolean' });
export const reference = (name: string): Schema => ({ $ref: `#/definitions/${name}` });
export const described = (name: string, description: string): Schema => ({ description, allOf: [reference(name)] });

/** True, false, or an expression. */
export const truth = (description: string): Schema => ({
  description,
  type: ['string', 'boolean', 'number'],
  'x-expected': 'an expression such as ${input.ready}',
});

/** A flag that an expression may give. */
export const flagOrExpression = (description: string): Schema => ({
  description,
  type: ['boolean', 'string'],
  pattern: EXPRESSION,
  'x-expected': 'true, false or an expression',
});

/** One of a few words, or an expression. */
export const oneOf = (values: readonly string[], description: string, extra: Schema = {}): Schema => ({
  description,
  type: 'string',
  if: { pattern: EXPRESSION },
  else: { enum: values },
  ...extra,
});

/** One of a few words that must be known before anything runs. */
export const fixedOneOf = (values: readonly string[], description: string, extra: Schema = {}): Schema => ({
  description,
  type: 'string',
  enum: values,
  ...extra,
});

interface NumberRules {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly integer?: boolean;
}

export function number(description: string, { integer = false, ...range }: NumberRules = {}, extra: Schema = {}): Schema {
  const bounds = [
    range.minimum === undefined ? '' : ` from ${range.minimum}`,
    range.maximum === undefined ? '' : ` to ${range.maximum}`,
  ].join('');
  return {
    description,
    type: [integer ? 'integer' : 'number', 'string'],
    ...range,
    pattern: `${EXPRESSION}|${NUMBER}`,
    'x-expected': `${integer ? 'a whole number' : 'a number'}${bounds}`,
    ...extra,
  };
}

/** `unit` is what a bare number counts (LANGUAGE §2). */
export const duration = (description: string, unit: 'milliseconds' | 'seconds' = 'milliseconds', extra: Schema = {}): Schema => ({
  description: `${description} A text such as 500ms, 30s, 5m, 2h, 7d, or a number of ${unit}.`,
  type: ['string', 'number'],
  minimum: 0,
  pattern: `${EXPRESSION}|${DURATION}`,
  'x-expected': `a duration such as 500ms, 30s, 5m, 2h, 7d (a number counts ${unit})`,
  ...extra,
});

export const listOf = (items: Schema, description: string, extra: Schema = {}): Schema => ({ description, type: 'array', items, ...extra });

/** A list, or an expression that gives one. */
export const listOrExpression = (items: Schema, description: string): Schema => ({
  description,
  type: ['array', 'string'],
  items,
  pattern: EXPRESSION,
  'x-expected': 'a list or an expression',
});

/** One text or a list of them. */
export const textOrTexts = (description: string): Schema => ({
  description,
  type: ['string', 'array'],
  items: { type: 'string' },
  'x-expected': 'a text or a list of texts',
});

/** A mapping with any keys, or an expression that gives one. */
export const freeMapping = (description: string): Schema => ({
  description,
  type: ['object', 'string'],
  pattern: EXPRESSION,
  'x-expected': 'a mapping or an expression',
});

/** A mapping of the keys given and no others. `title` is what messages call it. */
export const mapping = (title: string, properties: Readonly<Record<string, Schema>>, extra: Schema = {}): Schema => ({
  title,
  type: 'object',
  properties,
  additionalProperties: false,
  ...extra,
});

/** The settings of an operation: its keys and those that every operation takes, or one expression that gives them all. */
export const config = (title: string, properties: Readonly<Record<string, Schema>>, extra: Schema = {}): Schema =>
  mapping(
    title,
    { ...properties, reject_tainted: flag('Fail when the agent reads a value that came from outside (http, think, a trigger) unchecked.') },
    { type: ['object', 'string'], pattern: EXPRESSION, 'x-expected': 'a mapping or an expression', ...extra },
  );

/** Names of one thing that exclude each other. */
export const conflict = (...keys: readonly [string, string]): Schema => ({ not: { type: 'object', required: keys }, 'x-conflict': keys });
/** At least one of the keys must be there. */
export const needs = (...keys: readonly string[]): Schema => ({ anyOf: keys.map((key) => ({ required: [key] })), 'x-needs': keys });

interface Case {
  readonly key: string;
  readonly value?: string | readonly string[];
  readonly schema: Schema;
}

/** The schema of the first case whose key is there (and has the value, or one of the values); otherwise `fallback`. */
export function choose(cases: readonly Case[], fallback: Schema): Schema {
  return cases.reduceRight<Schema>((otherwise, { key, value, schema }) => {
    const values = value === undefined ? [] : [value].flat();
    const test = value === undefined ? {} : { properties: { [key]: values.length === 1 ? { const: values[0] } : { enum: values } } };
    return { if: { type: 'object', ...test, required: [key] }, then: schema, else: otherwise };
  }, fallback);
}
