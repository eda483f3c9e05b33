import type { JsonObject, JsonSchema, JsonValue } from '../../program/json.ts';
import { getOwn, setOwn } from '../own-property.ts';
import { resolveLocal } from './pointer.ts';
import { Steps } from './steps.ts';

/** Deeper than this a recursive schema's `$ref`s are no longer followed; data that deep keeps its values as they are. */
const MAX_DEPTH = 64;
/**
 * A copy of `value` in which every missing field that has a `default` holds it, at every depth that the data reaches: fields of objects, items of lists,
 * `allOf` and local `$ref`s. A missing object without a default of its own stays missing. Present values, also null, are never replaced.
 * Throws for a schema that takes too long with this value.
 */
export function applyDefaults(schema: JsonSchema, value: JsonValue | undefined): JsonValue | undefined {
  // Several parts of `allOf` that lead to the same field double them with each level of the data.
  const parts = new Steps(value, 'the "allOf" of the schema lead to the same fields so often that it takes too long');
  return fill({ schema, parts }, schema, value, 0);
}

interface Root {
  readonly schema: JsonSchema;
  readonly parts: Steps;
}

function fill(root: Root, declared: unknown, value: JsonValue | undefined, depth: number): JsonValue | undefined {
  const schema = resolveLocal(root.schema, declared);
  const present = value === undefined ? defaultOf(schema) : value;
  if (present === undefined || typeof present !== 'object' || present === null || depth > MAX_DEPTH) return present;
  const parts = getOwn(schema, 'allOf');
  const whole = Array.isArray(parts)
    ? parts.reduce<JsonValue | undefined>((filled, part) => fillPart(root, part, filled, depth), present)
    : present;
  if (isList(whole)) {
    const items = getOwn(schema, 'items');
    return items === undefined ? whole : whole.map((item) => fill(root, items, item, depth + 1) ?? null);
  }
  return fillFields(root, getOwn(schema, 'properties'), whole as JsonObject, depth);
}

function fillPart(root: Root, part: unknown, value: JsonValue | undefined, depth: number): JsonValue | undefined {
  root.parts.spend(1);
  return fill(root, part, value, depth + 1);
}

function fillFields(root: Root, properties: unknown, value: JsonObject, depth: number): JsonObject {
  const filled: { [key: string]: JsonValue } = {};
  for (const [key, field] of Object.entries(value)) {
    setOwn(filled, key, fill(root, getOwn(properties, key), field, depth + 1) ?? null);
  }
  for (const [key, property] of Object.entries(Object(properties))) {
    if (Object.hasOwn(filled, key)) continue;
    const field = fill(root, property, undefined, depth + 1);
    if (field !== undefined) setOwn(filled, key, field);
  }
  return filled;
}

function defaultOf(schema: unknown): JsonValue | undefined {
  const value = getOwn(schema, 'default');
  return value === undefined ? undefined : (structuredClone(value) as JsonValue);
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
