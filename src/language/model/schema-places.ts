import type { Span } from '../../program/diagnostic.ts';
import type { JsonSchema, JsonValue } from '../../program/json.ts';
import type { Located } from '../document/located.ts';
import type { Word } from './fields.ts';

/**
 * What the author wrote for a schema: a type name, a mapping of keywords or of fields, the path of a schema file. A table beside the schemas, because they are
 * part of the program and hold JSON alone.
 */
const FORMS = new WeakMap<object, Located>();

export function rememberForm<Schema extends JsonSchema>(schema: Schema, form: Located): Schema {
  FORMS.set(schema, form);
  return schema;
}

/** Undefined for what stands in a schema file. */
export function formOf(schema: unknown): Located | undefined {
  return typeof schema === 'object' && schema !== null ? FORMS.get(schema) : undefined;
}

/** One schema inside of an author's schema, or the whole. */
export interface SchemaNode {
  readonly schema: JsonSchema;
  /** It alone judges its value: it is no branch of `allOf`, `anyOf`, `oneOf`, `if` … beside which other parts speak of the same value. */
  readonly alone: boolean;
  readonly span: Span;
  /** ` at properties.name` in a schema file, whose own places nobody knows; empty where `span` is the place. */
  readonly where: string;
}

const ONE = ['items', 'additionalProperties', 'contains', 'propertyNames', 'unevaluatedProperties', 'unevaluatedItems', 'additionalItems'];
const ONE_BRANCH = ['not', 'if', 'then', 'else'];
const LISTS = ['prefixItems'];
const BRANCHES = ['anyOf', 'oneOf', 'allOf'];
const MAPPINGS = ['properties', 'patternProperties', '$defs', 'definitions'];
const BRANCH_MAPPINGS = ['dependentSchemas'];

/** Every schema in `root`, itself first, in the order of the text. `span` is its place when it has no form of its own. */
export function listSchemaNodes(root: JsonSchema, span: Span): readonly SchemaNode[] {
  const form = formOf(root);
  const nodes: SchemaNode[] = [];
  const pending: SchemaNode[] = [{ schema: root, alone: true, span: form?.span ?? span, where: '' }];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    nodes.push(node);
    pending.push(...childrenOf(node, form?.kind !== 'mapping' && form !== undefined).toReversed());
  }
  return nodes;
}

function childrenOf(node: SchemaNode, inFile: boolean): readonly SchemaNode[] {
  const children: SchemaNode[] = [];
  const add = (schema: JsonValue | undefined, alone: boolean, path: string): void => {
    if (!isMapping(schema)) return;
    const form = formOf(schema);
    const where = inFile && form === undefined ? `${node.where === '' ? ' at ' : `${node.where}.`}${path}` : '';
    children.push({ schema, alone, span: form?.span ?? node.span, where });
  };
  const addAll = (schemas: JsonValue | undefined, alone: boolean, path: string): void => {
    if (typeof schemas !== 'object' || schemas === null) return;
    for (const [key, schema] of Object.entries(schemas)) add(schema, alone, `${path}.${key}`);
  };
  const { schema } = node;
  for (const [key, value] of Object.entries(schema)) {
    if (ONE.includes(key)) add(value, true, key);
    else if (ONE_BRANCH.includes(key)) add(value, false, key);
    else if (LISTS.includes(key) || MAPPINGS.includes(key)) addAll(value, true, key);
    else if (BRANCHES.includes(key) || BRANCH_MAPPINGS.includes(key)) addAll(value, false, key);
  }
  return children;
}

/** Where a keyword of a schema stands: its value, or its key; the whole schema where that is not known. */
export function placeOf({ schema, span }: SchemaNode, keyword: string, part: 'value' | 'key' = 'value'): Span {
  const form = formOf(schema);
  const entry = form?.kind === 'mapping' ? form.entries.find(({ key }) => key.text === keyword) : undefined;
  return (part === 'key' ? entry?.key.span : entry?.value.span) ?? span;
}

/** The names of the properties that a schema of an object describes, as the author wrote them, as far as they stand in this file. */
export function propertyWords(schema: JsonSchema): readonly Word[] {
  const { properties } = schema;
  const form = formOf(schema);
  if (!isMapping(properties) || form?.kind !== 'mapping') return [];
  const written = form.entries.find(({ key }) => key.text === 'properties')?.value;
  // A mapping of fields may have one called `properties`.
  return [written, form].flatMap((mapping) =>
    mapping?.kind === 'mapping'
      ? mapping.entries.flatMap(({ key, value }) => (formOf(ownOf(properties, key.text)) === value ? [key] : []))
      : [],
  );
}

function ownOf(mapping: JsonSchema, key: string): JsonValue | undefined {
  return Object.hasOwn(mapping, key) ? mapping[key] : undefined;
}

function isMapping(value: JsonValue | undefined): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
