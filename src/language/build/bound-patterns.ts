import type { JsonSchema, JsonValue } from '../../program/json.ts';
import { longestText } from '../expression/longest-text.ts';

/** Keywords with one schema, a list or a mapping of them, for the parts of a value. */
const OF_PARTS: ReadonlySet<string> = new Set(
  'items prefixItems additionalItems unevaluatedItems contains properties patternProperties additionalProperties unevaluatedProperties propertyNames $defs definitions'.split(
    ' ',
  ),
);
/** The same for the value itself. */
const OF_ITSELF: ReadonlySet<string> = new Set('allOf anyOf oneOf not if then else dependentSchemas'.split(' '));
const MAPPINGS: ReadonlySet<string> = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);

/**
 * The schema with a `maxLength` wherever a `pattern` could take too long on a longer text: whoever sends that text would keep the run busy for hours. It is put where a value is judged as a whole,
 * beside `not` and `if` and not in them, so that a longer text is refused and never passes for one that does not match. The same object when there is nothing to bound.
 */
export function boundPatterns(schema: JsonSchema): JsonSchema {
  const { schema: bounded, longest } = boundParts(schema);
  const { maxLength } = bounded;
  return longest < (typeof maxLength === 'number' ? maxLength : Number.POSITIVE_INFINITY) ? { ...bounded, maxLength: longest } : bounded;
}

/** The schema with its parts bounded, and what its own patterns and those of its branches take. */
function boundParts(schema: JsonSchema): { readonly schema: JsonSchema; readonly longest: number } {
  let longest = ownLongest(schema);
  const branch = (given: JsonSchema): JsonSchema => {
    const found = boundParts(given);
    longest = Math.min(longest, found.longest);
    return found.schema;
  };
  const changed = Object.entries(schema).flatMap(([key, value]) => {
    const bound = OF_PARTS.has(key) ? boundPatterns : OF_ITSELF.has(key) ? branch : undefined;
    const next = bound === undefined || value === undefined ? value : mapSchemas(value, bound, MAPPINGS.has(key));
    return next === value ? [] : [[key, next] as const];
  });
  return { schema: changed.length === 0 ? schema : { ...schema, ...Object.fromEntries(changed) }, longest };
}

function ownLongest({ pattern, maxLength }: JsonSchema): number {
  if (typeof pattern !== 'string') return Number.POSITIVE_INFINITY;
  const longest = longestText(pattern);
  return typeof maxLength === 'number' && maxLength <= longest ? Number.POSITIVE_INFINITY : longest;
}

/** The same value when none of its schemas changes. */
function mapSchemas(value: JsonValue, bound: (schema: JsonSchema) => JsonSchema, isMapping: boolean): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value) && !isMapping) return bound(value as JsonSchema);
  const entries = Object.entries(value).map(([key, given]) => [key, isSchema(given) ? bound(given) : given] as const);
  if (entries.every(([key, next]) => next === Reflect.get(value, key))) return value;
  return Array.isArray(value) ? entries.map(([, next]) => next) : Object.fromEntries(entries);
}

function isSchema(value: JsonValue): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
