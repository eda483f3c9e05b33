import type { JsonSchema, JsonValue } from '../../program/json.ts';
import { suggest } from '../../program/suggest.ts';
import type { Located, LocatedEntry, LocatedMapping } from '../document/located.ts';
import { toJson } from '../document/to-json.ts';
import type { Findings } from './findings.ts';
import { rememberForm } from './schema-places.ts';

/** Types that a short form may name (LANGUAGE §1). */
export const TYPE_NAMES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'any', 'null'] as const;

/** Keywords that only a JSON Schema has: a mapping with one of them is a schema, any other is a set of properties in short form. */
const SCHEMA_KEYWORDS = new Set([
  '$ref',
  '$dynamicRef',
  '$recursiveRef',
  '$defs',
  'definitions',
  'enum',
  'const',
  'anyOf',
  'oneOf',
  'allOf',
  'not',
  'if',
  'properties',
  'items',
  'prefixItems',
  'additionalProperties',
  'patternProperties',
]);

/** Keywords that say something about a value without naming its type. Properties may have such names too: see `isSchema`. */
const ANNOTATIONS = new Set(
  'default description title examples required format pattern minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems uniqueItems'.split(
    ' ',
  ),
);

/** Keywords whose value is one schema, a list of schemas, a mapping of schemas. */
const ONE_SCHEMA = new Set([
  'items',
  'additionalProperties',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'unevaluatedProperties',
]);
const SCHEMA_LIST = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const SCHEMA_MAPPING = new Set(['patternProperties', '$defs', 'definitions', 'dependentSchemas']);

export interface FieldRules {
  /**
   * Whether a field in short form must be there. Inputs need not be (`required: true` says so); an output must hold every field that its
   * schema names (`required: false` frees one), because that is what a schema of an output is written for.
   */
  readonly required: boolean;
  /** Keys beside the schema's own that are not part of it: `reducer`, `valid_for`, `secret` of a state key. */
  readonly drop?: ReadonlySet<string>;
}

interface Expanded {
  readonly schema: JsonSchema;
  /** What `required: true|false` inside the field says. */
  readonly required?: boolean;
}

/** The JSON Schema of a mapping of fields, each in short form or a JSON Schema; a mapping that is itself a schema of an object is taken as one. */
export function expandFields(fields: LocatedMapping, rules: FieldRules, findings: Findings): JsonSchema {
  return expandSchema(fields, rules, findings, 'fields').schema;
}

/**
 * The JSON Schema that a short form stands for: a type name, a JSON Schema (in which `type: any` means any type and properties may be short forms again), or
 * a mapping of property names to short forms.
 */
export function expandSchema(form: Located, rules: FieldRules, findings: Findings, prefer: 'schema' | 'fields' = 'schema'): Expanded {
  const expanded = expand(form, rules, findings, prefer);
  rememberForm(expanded.schema, form);
  return expanded;
}

function expand(form: Located, rules: FieldRules, findings: Findings, prefer: 'schema' | 'fields'): Expanded {
  if (form.kind === 'scalar') return { schema: expandTypeName(form, findings) };
  if (form.kind === 'list') {
    findings.report('invalid-schema', form.span, 'a list is no schema', {
      help: `write a type (${TYPE_NAMES.join(', ')}) or a JSON Schema`,
    });
    return { schema: {} };
  }
  return isSchema(form, rules, prefer) ? expandKeywords(form, rules, findings) : { schema: expandProperties(form, rules, findings) };
}

function isSchema(form: LocatedMapping, rules: FieldRules, prefer: 'schema' | 'fields'): boolean {
  if (form.entries.length === 0) return prefer === 'schema';
  const keyword = form.entries.some(({ key }) => SCHEMA_KEYWORDS.has(key.text));
  const type = form.entries.find(({ key }) => key.text === 'type')?.value;
  // A set of fields may well have one called `type` or `items`; only both signs together make it a schema.
  if (prefer === 'fields') return type?.kind === 'scalar' && type.value === 'object' && keyword;
  if (keyword || type?.kind === 'list' || (type?.kind === 'scalar' && typeof type.value === 'string')) return true;
  // `{ default: en }` and `{ description: The language. }` say something about a value of any type; `{ title: string }` names a property.
  return (
    form.entries.every(({ key }) => ANNOTATIONS.has(key.text) || rules.drop?.has(key.text) === true) &&
    form.entries.some(({ key, value }) =>
      TEXTS.has(key.text) ? isSentence(value) : !(value.kind === 'scalar' && (TYPE_NAMES as readonly unknown[]).includes(value.value)),
    )
  );
}

/** Annotations whose value is a word, as a type's name is: only a sentence tells them from a property. */
const TEXTS = new Set(['title', 'description', 'format', 'pattern']);

function isSentence(value: Located): boolean {
  return value.kind === 'scalar' && typeof value.value === 'string' && !/^\w*$/.test(value.value);
}

function expandTypeName(form: Located, findings: Findings): JsonSchema {
  const name = form.kind === 'scalar' ? (form.value === null ? 'null' : form.value) : undefined;
  if (name === 'any' || name === true) return {};
  if (typeof name === 'string' && (TYPE_NAMES as readonly string[]).includes(name)) return { type: name };
  const near = suggest(String(name), TYPE_NAMES);
  findings.report('unknown-type', form.span, `there is no type ${JSON.stringify(name)}`, {
    help: near === undefined ? `types are ${TYPE_NAMES.join(', ')}` : `did you mean ${near}?`,
  });
  return {};
}

function expandProperties(form: LocatedMapping, rules: FieldRules, findings: Findings): JsonSchema {
  const required: string[] = [];
  const properties: [string, JsonSchema][] = [];
  for (const { key, value } of form.entries) {
    const field = expandSchema(value, rules, findings);
    properties.push([key.text, field.schema]);
    if (field.required ?? (rules.required && !Object.hasOwn(field.schema, 'default'))) required.push(key.text);
  }
  return { type: 'object', properties: Object.fromEntries(properties), ...(required.length > 0 && { required }) };
}

function expandKeywords(form: LocatedMapping, rules: FieldRules, findings: Findings): Expanded {
  const entries: [string, JsonValue][] = [];
  let required: boolean | undefined;
  for (const entry of form.entries) {
    const { key, value } = entry;
    if (rules.drop?.has(key.text) === true) continue;
    if (key.text === 'required' && value.kind === 'scalar' && typeof value.value === 'boolean') required = value.value;
    else if (key.text === 'properties' && value.kind === 'mapping') entries.push(...expandObject(form, value, findings));
    else if (key.text === 'type') entries.push(...expandType(entry, findings));
    else entries.push([key.text, expandKeyword(entry, findings)]);
  }
  // `properties` may bring a `required` of its own; one that the author wrote out stays the last word.
  const written = form.entries.find(({ key, value }) => key.text === 'required' && value.kind === 'list');
  if (written !== undefined) entries.push(['required', toJson(written.value)]);
  return { schema: Object.fromEntries(entries), ...(required !== undefined && { required }) };
}

/** Properties of a JSON Schema are optional unless it says otherwise, also where short forms stand in it. */
function expandObject(form: LocatedMapping, properties: LocatedMapping, findings: Findings): [string, JsonValue][] {
  const expanded = expandProperties(properties, { required: false }, findings);
  const typed = form.entries.some(({ key }) => key.text === 'type');
  return Object.entries(expanded).filter(([key]) => key !== 'type' || !typed);
}

function expandType({ value }: LocatedEntry, findings: Findings): [string, JsonValue][] {
  if (value.kind === 'list') {
    const names = value.items.map((item) => expandTypeName(item, findings).type).filter((name) => name !== undefined);
    return names.length < value.items.length ? [] : [['type', names]];
  }
  const { type } = expandTypeName(value, findings);
  return type === undefined ? [] : [['type', type]];
}

function expandKeyword({ key, value }: LocatedEntry, findings: Findings): JsonValue {
  const nested = (form: Located): JsonValue =>
    form.kind === 'scalar' && typeof form.value === 'boolean' ? form.value : expandSchema(form, { required: false }, findings).schema;
  if (ONE_SCHEMA.has(key.text)) return nested(value);
  if (SCHEMA_LIST.has(key.text) && value.kind === 'list') return value.items.map(nested);
  if (SCHEMA_MAPPING.has(key.text) && value.kind === 'mapping') {
    return Object.fromEntries(value.entries.map((entry) => [entry.key.text, nested(entry.value)]));
  }
  return toJson(value);
}
