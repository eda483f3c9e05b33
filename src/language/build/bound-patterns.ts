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
 * beside `not` and `if` and not only in them, so that a longer text is refused and never passes for one that does not match. The same object when there is nothing to bound.
 */
export function boundPatterns(schema: JsonSchema): JsonSchema {
  return boundWhole(schema, schema);
}

function boundWhole(schema: JsonSchema, root: JsonSchema): JsonSchema {
  return withBound(boundParts(schema, root));
}

function withBound({ schema: bounded, longest }: ReturnType<typeof boundParts>): JsonSchema {
  const { maxLength } = bounded;
  return longest < (typeof maxLength === 'number' ? maxLength : Number.POSITIVE_INFINITY) ? { ...bounded, maxLength: longest } : bounded;
}

/** The schema with its parts bounded, and what its own patterns, those of its branches and those that it refers to take. */
function boundParts(schema: JsonSchema, root: JsonSchema): { readonly schema: JsonSchema; readonly longest: number } {
  let longest = Math.min(ownLongest(schema), longestBehind(schema.$ref, root));
  const branch = (given: JsonSchema): JsonSchema => {
    const found = boundParts(given, root);
    longest = Math.min(longest, found.longest);
    // Never met, as the whole is judged first: many texts are counted by it.
    return withBound(found);
  };
  const part = (given: JsonSchema): JsonSchema => boundWhole(given, root);
  const changed = Object.entries(schema).flatMap(([key, value]) => {
    const bound = OF_PARTS.has(key) ? part : OF_ITSELF.has(key) ? branch : undefined;
    const next = bound === undefined || value === undefined ? value : mapSchemas(value, bound, MAPPINGS.has(key));
    return next === value ? [] : [[key, next] as const];
  });
  return { schema: changed.length === 0 ? schema : { ...schema, ...Object.fromEntries(changed) }, longest };
}

/** What the patterns take that a `$ref` leads to, there or by way of branches and further references. */
function longestBehind(reference: JsonValue | undefined, root: JsonSchema): number {
  let longest = Number.POSITIVE_INFINITY;
  const reached = new Set<JsonSchema>();
  const reach = (value: JsonValue | undefined): void => {
    if (value !== undefined && isSchema(value)) reached.add(value);
  };
  reach(leadFrom(root, reference));
  for (const schema of reached) {
    longest = Math.min(longest, ownLongest(schema));
    reach(leadFrom(root, schema.$ref));
    for (const [key, value] of Object.entries(schema)) {
      if (!OF_ITSELF.has(key) || typeof value !== 'object' || value === null) continue;
      if (Array.isArray(value) || MAPPINGS.has(key)) Object.values(value).forEach(reach);
      else reach(value);
    }
  }
  return longest;
}

/** Where a reference leads that is a path in the schema; undefined where to is nothing, and for other references. */
function leadFrom(root: JsonSchema, reference: JsonValue | undefined): JsonValue | undefined {
  if (typeof reference !== 'string' || !/^#(?:\/|$)/.test(reference)) return undefined;
  let at: JsonValue | undefined = root;
  for (const segment of reference.split('/').slice(1)) {
    const name = decodeName(segment).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Readonly<Record<string, JsonValue>>)[name];
  }
  return at;
}

function decodeName(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Schemas are frozen, and may be referred to from thousands of places. */
const OWN = new WeakMap<JsonSchema, number>();

function ownLongest(schema: JsonSchema): number {
  const known = OWN.get(schema);
  if (known !== undefined) return known;
  const { pattern, maxLength } = schema;
  const longest = typeof pattern === 'string' ? longestText(pattern) : Number.POSITIVE_INFINITY;
  const own = typeof maxLength === 'number' && maxLength <= longest ? Number.POSITIVE_INFINITY : longest;
  OWN.set(schema, own);
  return own;
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
