import type { JsonObject, JsonSchema, JsonValue } from '../../program/json.ts';
import { typeOfJson } from './json-type.ts';
import { BOOLEAN, INTEGER, NULL, NUMBER, type ObjectType, type Property, STRING, type Type, UNKNOWN } from './type.ts';
import { unionOf } from './union.ts';

/** Deeper is anything, and so is what comes after so many parts: a schema may refer to itself many times over. */
const MAX_DEPTH = 8;
const MAX_PARTS = 2_000;

/** `filled`: missing properties with a default hold it already, as those of an input do once it was checked. */
export type SchemaUse = 'plain' | 'filled';

/** The type of the values that satisfy a schema. It may hold more than these (types know no `pattern`), never less. */
export function typeOfSchema(schema: JsonSchema, use: SchemaUse = 'plain'): Type {
  const known = types[use].get(schema);
  if (known !== undefined) return known;
  const type = new SchemaReader(schema).read(schema, use, 0);
  types[use].set(schema, type);
  return type;
}

const types: Readonly<Record<SchemaUse, WeakMap<JsonSchema, Type>>> = { plain: new WeakMap(), filled: new WeakMap() };

class SchemaReader {
  readonly #root: JsonSchema;
  #parts = 0;

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  read(value: JsonValue | undefined, use: SchemaUse, depth: number): Type {
    const schema = asObject(value);
    if (schema === undefined || depth > MAX_DEPTH || ++this.#parts > MAX_PARTS) return UNKNOWN;
    const { $ref: reference, enum: choices, type, anyOf, oneOf } = schema;
    if (schema.const !== undefined) return typeOfJson(schema.const);
    if (Array.isArray(choices)) return unionOf(choices.map((choice: JsonValue) => typeOfJson(choice)));
    if (typeof reference === 'string') return this.read(this.#resolve(reference), use, depth + 1);
    if (typeof type === 'string') return this.#typeOf(type, schema, use, depth);
    if (Array.isArray(type))
      return unionOf(type.map((name: JsonValue) => (typeof name === 'string' ? this.#typeOf(name, schema, use, depth) : UNKNOWN)));
    const branches = anyOf ?? oneOf;
    // Defaults are filled in where there is no choice.
    return Array.isArray(branches) ? unionOf(branches.map((branch: JsonValue) => this.read(branch, 'plain', depth + 1))) : UNKNOWN;
  }

  #typeOf(name: string, schema: JsonObject, use: SchemaUse, depth: number): Type {
    switch (name) {
      case 'string':
        return STRING;
      case 'number':
        return NUMBER;
      case 'integer':
        return INTEGER;
      case 'boolean':
        return BOOLEAN;
      case 'null':
        return NULL;
      case 'array':
        // Items that only `prefixItems` describes are of any type here.
        return { kind: 'list', items: schema.prefixItems === undefined ? this.read(schema.items, use, depth + 1) : UNKNOWN };
      case 'object':
        return this.#object(schema, use, depth);
      default:
        return UNKNOWN;
    }
  }

  #object(schema: JsonObject, use: SchemaUse, depth: number): ObjectType {
    const required = new Set(Array.isArray(schema.required) ? schema.required : []);
    const properties = new Map<string, Property>();
    for (const [key, value] of Object.entries(asObject(schema.properties) ?? {})) {
      const description = asObject(value)?.description;
      properties.set(key, {
        type: this.read(value, use, depth + 1),
        optional: !required.has(key) && !(use === 'filled' && asObject(value)?.default !== undefined),
        ...(typeof description === 'string' && { description }),
      });
    }
    for (const key of required)
      if (typeof key === 'string' && !properties.has(key)) properties.set(key, { type: UNKNOWN, optional: false });
    const others = this.read(schema.additionalProperties, 'plain', depth + 1);
    return { kind: 'object', properties, lists: listsOf(schema, properties), others };
  }

  /** A definition of the same schema: `#/$defs/name`. */
  #resolve(reference: string): JsonValue | undefined {
    if (!reference.startsWith('#/')) return undefined;
    let found: JsonValue | undefined = this.#root;
    for (const part of reference.slice(2).split('/')) found = ownValue(found, part.replaceAll('~1', '/').replaceAll('~0', '~'));
    return found;
  }
}

/** Keywords that may bring further properties along. */
const COMBINING = ['allOf', 'anyOf', 'oneOf', 'if', 'patternProperties', 'dependentSchemas', '$ref'];

function listsOf(schema: JsonObject, properties: ReadonlyMap<string, Property>): ObjectType['lists'] {
  if (COMBINING.some((keyword) => schema[keyword] !== undefined)) return 'some';
  const further = schema.additionalProperties;
  if (further === false) return 'all';
  return further === undefined && properties.size > 0 ? 'declared' : 'some';
}

function ownValue(value: JsonValue | undefined, key: string): JsonValue | undefined {
  const object = asObject(value);
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}

function asObject(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}
