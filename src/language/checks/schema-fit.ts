import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import type { JsonSchema, JsonValue } from '../../program/json.ts';

/** What is wrong with a value that does not satisfy a schema: `is no number`, `is less than 1`. */
export interface Misfit {
  readonly says: string;
  /** The keyword that it fails. */
  readonly keyword: string;
}

/** Undefined when the value satisfies the schema, and when nobody can tell: a `$ref` to elsewhere, a broken pattern. */
export function findMisfit(schema: JsonSchema, value: JsonValue): Misfit | undefined {
  if (hasPlainType(schema, value)) return undefined;
  const unit = firstFault(schema, value);
  if (unit === undefined) return undefined;
  const { keyword } = unit;
  const limit = valueAt(schema, segmentsOf(unit.keywordLocation));
  const words = limit !== undefined && Object.hasOwn(WORDS, keyword) ? WORDS[keyword]?.(limit) : undefined;
  if (words === undefined) return { says: 'does not satisfy its schema', keyword };
  const path = segmentsOf(unit.instanceLocation);
  const where = path.map((name) => (/^\d+$/.test(name) ? `[${name}]` : `.${name}`)).join('');
  return { says: where === '' ? words : `is wrong at ${where.replace(/^\./, '')}, which ${words}`, keyword };
}

/** The names in a pointer as the library writes it: `#/items/0`. */
function segmentsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => decodeURIComponent(segment).replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Undefined also where the way leads through a `$ref`. */
function valueAt(schema: JsonValue, segments: readonly string[]): JsonValue | undefined {
  let at: JsonValue | undefined = schema;
  for (const name of segments) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Readonly<Record<string, JsonValue>>)[name];
  }
  return at;
}

const ANNOTATIONS: ReadonlySet<string> = new Set(['type', 'default', 'description', 'title', 'examples']);

/** Most schemas name a type and no more: these need no library. */
function hasPlainType(schema: JsonSchema, value: JsonValue): boolean {
  if (Object.keys(schema).some((keyword) => !ANNOTATIONS.has(keyword))) return false;
  const found = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  return schema.type === undefined || schema.type === found || (schema.type === 'integer' && Number.isInteger(value));
}

/** The fault that the others follow from: the last record, since the library lists what contains before what is contained. */
function firstFault(schema: JsonSchema, value: JsonValue): OutputUnit | undefined {
  try {
    // The library writes marks into the schema, which is part of the program.
    const { valid, errors } = new Validator(structuredClone(schema) as Schema, '2020-12', true).validate(value);
    return valid ? undefined : errors.at(-1);
  } catch {
    return undefined;
  }
}

/** The first of a list of choices. */
function list(choices: JsonValue): string {
  if (!Array.isArray(choices)) return '';
  const shown = choices.slice(0, 8).map(shortJson).join(', ');
  return choices.length > 8 ? `${shown}, …` : shown;
}

const WORDS: Readonly<Record<string, (limit: JsonValue) => string>> = {
  type: (type) => `is no ${Array.isArray(type) ? type.join(' or ') : type}`,
  enum: (choices) => `is none of ${list(choices)}`,
  const: (constant) => `is not ${JSON.stringify(constant)}`,
  minimum: (limit) => `is less than ${limit}`,
  maximum: (limit) => `is more than ${limit}`,
  exclusiveMinimum: (limit) => `is not more than ${limit}`,
  exclusiveMaximum: (limit) => `is not less than ${limit}`,
  multipleOf: (limit) => `is no multiple of ${limit}`,
  minLength: (limit) => `is shorter than ${limit}`,
  maxLength: (limit) => `is longer than ${limit}`,
  pattern: (pattern) => `does not match ${pattern}`,
  format: (format) => `is not of the format "${format}"`,
  minItems: (limit) => `has fewer items than ${limit}`,
  maxItems: (limit) => `has more items than ${limit}`,
  uniqueItems: () => 'holds the same item twice',
};

/** A value in a message: as JSON, and not all of a long one. */
export function shortJson(value: JsonValue): string {
  const text = toText(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** A schema file may nest values deeper than `JSON.stringify` can follow. */
function toText(value: JsonValue): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return Array.isArray(value) ? '[…]' : '{…}';
    throw error;
  }
}
