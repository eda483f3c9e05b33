import type { Path } from '../cursor/place-at.ts';
import type { PlainValue } from './outline-value.ts';

/** A part of one of our JSON Schemas (schemas/*.schema.json). */
export interface Schema {
  readonly [keyword: string]: unknown;
}

/** `$ref`, `allOf` and `if` in one another beyond this do not occur in our schemas. */
const MAX_DEPTH = 40;

/**
 * The schemas that say something about the value at a path of a file: references followed, and of each `if` the branch that the file's values
 * choose; both where nothing is written yet.
 */
export function schemasAt(root: Schema, file: PlainValue, path: Path): readonly Schema[] {
  let value = file;
  let schemas = expand(root, value, root);
  for (const step of path) {
    value = memberOf(value, step);
    schemas = schemas.flatMap((schema) => childSchemas(schema, step)).flatMap((schema) => expand(schema, value, root));
  }
  return schemas;
}

function memberOf(value: PlainValue, step: string | number): PlainValue {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, step) ? (value as Readonly<Record<string | number, PlainValue>>)[step] : undefined;
}

function childSchemas({ properties, additionalProperties, items }: Schema, step: string | number): readonly Schema[] {
  if (typeof step === 'number') return isSchema(items) ? [items] : [];
  const property = isSchema(properties) && Object.hasOwn(properties, step) ? properties[step] : additionalProperties;
  return isSchema(property) ? [property] : [];
}

function expand(schema: Schema, value: PlainValue, root: Schema, depth = 0): readonly Schema[] {
  if (depth > MAX_DEPTH) return [];
  const more = (next: unknown): readonly Schema[] => (isSchema(next) ? expand(next, value, root, depth + 1) : []);
  const { $ref: reference, allOf, if: test, then: yes, else: no } = schema;
  const branches = !isSchema(test) ? [] : value === undefined ? [yes, no] : [matches(test, value) ? yes : no];
  return [schema, ...more(resolve(reference, root)), ...(Array.isArray(allOf) ? allOf.flatMap(more) : []), ...branches.flatMap(more)];
}

function resolve(reference: unknown, root: Schema): unknown {
  const name = typeof reference === 'string' ? /^#\/definitions\/(\w+)$/.exec(reference)?.[1] : undefined;
  return name !== undefined && isSchema(root.definitions) ? root.definitions[name] : undefined;
}

/** Whether a value satisfies the keywords that the conditions of our schemas are made of. */
function matches(schema: Schema, value: PlainValue): boolean {
  const { type, const: constant, enum: choices, required, properties, pattern } = schema;
  if (type !== undefined && ![type].flat().includes(typeOf(value))) return false;
  if (constant !== undefined && constant !== value) return false;
  if (Array.isArray(choices) && !choices.includes(value)) return false;
  if (typeof pattern === 'string' && typeof value === 'string' && !new RegExp(pattern, 'u').test(value)) return false;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return true;
  if (Array.isArray(required) && !required.every((key) => Object.hasOwn(value, String(key)))) return false;
  if (!isSchema(properties)) return true;
  return Object.entries(properties).every(
    ([key, property]) => !Object.hasOwn(value, key) || !isSchema(property) || matches(property, memberOf(value, key)),
  );
}

function typeOf(value: PlainValue): string {
  if (value === null || value === undefined) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
