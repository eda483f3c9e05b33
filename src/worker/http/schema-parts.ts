import type { JsonObject, JsonSchema } from '../../program/json.ts';

/** An object; others than these properties may come to it. */
export function record(properties: JsonObject, optional: JsonObject = {}): JsonSchema {
  return { type: 'object', properties: { ...properties, ...optional }, required: Object.keys(properties) };
}

export function listOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items };
}

/** A component of the document. */
export function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}
