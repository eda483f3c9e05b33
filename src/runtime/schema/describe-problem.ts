import type { OutputUnit } from '@cfworker/json-schema';
import type { JsonValue } from '../../program/json.ts';
import { suggest } from '../../program/suggest.ts';
import { getOwn } from '../own-property.ts';
import { describeSchema, describeValue } from './describe.ts';
import { parsePointer, renderPath, schemaAt, valueAt } from './pointer.ts';
import type { SchemaProblem } from './schema-problem.ts';

/** What a message is made of: the library's record, the schema that it came from, the value that it judges. */
interface Finding {
  readonly unit: OutputUnit;
  /** The subschema whose keyword failed. */
  readonly schema: unknown;
  /** The keyword's own value in that subschema. */
  readonly limit: unknown;
  readonly names: readonly string[];
  readonly value: unknown;
}

/** One sentence a keyword; a keyword that is not listed keeps the library's words. */
const MESSAGES: Readonly<Record<string, (finding: Finding) => string>> = {
  type: ({ limit, value }) => `expected ${Array.isArray(limit) ? limit.join(' or ') : limit}, found ${describeValue(value)}`,
  enum: ({ schema, value }) => `expected ${describeSchema(schema)}, found ${describeValue(value)}${suggestChoice(schema, value)}`,
  const: ({ limit, value }) => `expected ${JSON.stringify(limit)}, found ${describeValue(value)}`,
  minimum: ({ limit, value }) => `must be at least ${limit}, found ${describeValue(value)}`,
  maximum: ({ limit, value }) => `must be at most ${limit}, found ${describeValue(value)}`,
  exclusiveMinimum: ({ limit, value }) => `must be greater than ${limit}, found ${describeValue(value)}`,
  exclusiveMaximum: ({ limit, value }) => `must be less than ${limit}, found ${describeValue(value)}`,
  multipleOf: ({ limit, value }) => `must be a multiple of ${limit}, found ${describeValue(value)}`,
  minLength: ({ limit, value }) => `must have at least ${count(limit, 'character')}, found ${describeValue(value)}`,
  maxLength: ({ limit, value }) => `must have at most ${count(limit, 'character')}, found ${describeValue(value)}`,
  pattern: ({ limit, value }) => `must match the pattern ${limit}, found ${describeValue(value)}`,
  format: ({ limit, value }) => `must be of the format "${limit}", found ${describeValue(value)}`,
  minItems: ({ limit, value }) => `must have at least ${count(limit, 'item')}, found ${describeValue(value)}`,
  maxItems: ({ limit, value }) => `must have at most ${count(limit, 'item')}, found ${describeValue(value)}`,
  uniqueItems: () => 'must not hold the same item twice',
  minProperties: ({ limit, value }) => `must have at least ${count(limit, 'field')}, found ${describeValue(value)}`,
  maxProperties: ({ limit, value }) => `must have at most ${count(limit, 'field')}, found ${describeValue(value)}`,
  not: () => 'is what the schema’s "not" rules out',
  contains: () => 'has no item of the kind that the schema’s "contains" asks for',
};

/** Turns one record of the library into a problem; the path is the field's, also when a field is missing. */
export function describeProblem(root: unknown, value: JsonValue, unit: OutputUnit): SchemaProblem {
  const location = parsePointer(unit.keywordLocation);
  const schema = schemaAt(root, location.slice(0, -1));
  const names = parsePointer(unit.instanceLocation);
  const finding: Finding = { unit, schema, limit: getOwn(schema, unit.keyword), names, value: valueAt(value, names) };
  if (unit.keyword === 'required') return describeMissing(finding, value);
  // A `false` schema has no keyword of its own: its location is the value's, and what refused it is the record before it.
  if (unit.keyword === 'false') return problem(names, value, 'is not allowed here', '');
  return problem(names, value, MESSAGES[unit.keyword]?.(finding) ?? plain(unit.error), describeSchema(schema));
}

/** A key that `additionalProperties: false` refuses, with the declared key that was probably meant. */
export function describeUnknownKey(root: unknown, value: JsonValue, container: OutputUnit, refused: OutputUnit): SchemaProblem {
  const schema = schemaAt(root, parsePointer(container.keywordLocation).slice(0, -1));
  const names = parsePointer(refused.instanceLocation);
  const known = Object.keys(Object(getOwn(schema, 'properties')));
  const near = suggest(names.at(-1) ?? '', known);
  const help = near !== undefined ? `; did you mean "${near}"?` : known.length > 0 ? `; expected one of ${known.join(', ')}` : '';
  return problem(names, value, `is not a known field${help}`, known.join(', '));
}

function describeMissing({ unit, schema, names, value }: Finding, root: JsonValue): SchemaProblem {
  const name = /^Instance does not have required property "(.*)"\.$/s.exec(unit.error)?.[1] ?? '';
  const properties = getOwn(schema, 'properties');
  const expected = describeSchema(getOwn(properties, name));
  const unknown = Object.keys(Object(value)).filter((key) => getOwn(properties, key) === undefined);
  const near = suggest(name, unknown);
  const message = `is missing${expected === '' ? '' : ` (expected ${expected})`}${near === undefined ? '' : `; did you write it as "${near}"?`}`;
  return problem([...names, name], root, message, expected);
}

function problem(names: readonly string[], root: JsonValue, message: string, expected: string): SchemaProblem {
  return { path: renderPath(names, root), message, expected };
}

function suggestChoice(schema: unknown, value: unknown): string {
  const choices = getOwn(schema, 'enum');
  if (typeof value !== 'string' || !Array.isArray(choices)) return '';
  const near = suggest(
    value,
    choices.filter((choice) => typeof choice === 'string'),
  );
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

function count(limit: unknown, noun: string): string {
  return `${limit} ${noun}${limit === 1 ? '' : 's'}`;
}

/** The library's sentence in our voice: it speaks of instances and ends with a full stop. */
function plain(text: string): string {
  return text
    .replace(/^Instance /, '')
    .replace(/dependant/g, 'dependent')
    .replace(/\.$/, '');
}
