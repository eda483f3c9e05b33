import type { JsonObject, JsonSchema, JsonValue } from '../../program/json.ts';
import { isDeeper } from '../../program/json-depth.ts';
import { MAX_OUTPUT_DEPTH } from '../engine/json-size.ts';
import { getOwn, setOwn } from '../own-property.ts';
import { resolveLocal } from './pointer.ts';

/**
 * Gives texts, as `key=value` on a command line or a URL's query brings them, the type that the schema declares: `5` is the number 5 where a
 * number is declared, and the text "5" otherwise. A text that is not of the declared type stays a text, for `checkInput` to report.
 */
export function coerceInput(schema: JsonSchema | undefined, texts: Readonly<Record<string, string>>): JsonObject {
  const properties = getOwn(schema, 'properties');
  const input: { [key: string]: JsonValue } = {};
  for (const [key, text] of Object.entries(texts)) setOwn(input, key, coerceText(schema, getOwn(properties, key), text));
  return input;
}

/** Alternatives within alternatives, at most: a schema may refer to itself. */
const MAX_DEPTH = 8;

type Reader = (text: string) => JsonValue | undefined;

/** In the order in which a text is tried; undefined = not of this type. A declared `string` wins over all of them. */
const READERS: readonly (readonly [type: string, read: Reader])[] = [
  ['null', (text) => (text === 'null' ? null : undefined)],
  ['boolean', (text) => (text === 'true' ? true : text === 'false' ? false : undefined)],
  ['integer', (text) => (/^[-+]?\d+$/.test(text.trim()) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined)],
  ['number', readNumber],
  ['array', (text) => readJson(text, (value) => Array.isArray(value))],
  ['object', (text) => readJson(text, (value) => typeof value === 'object' && value !== null && !Array.isArray(value))],
];

function coerceText(root: JsonSchema | undefined, declared: unknown, text: string): JsonValue {
  const types = typesOf(root, resolveLocal(root, declared));
  if (types.has('string')) return text;
  for (const [type, read] of READERS) {
    const value = types.has(type) ? read(text) : undefined;
    if (value !== undefined) return value;
  }
  return text;
}

/** The types that a schema names, itself or in the alternatives of `anyOf`/`oneOf`, or by the values that `enum`/`const` list. */
function typesOf(root: JsonSchema | undefined, schema: unknown, depth = 0): ReadonlySet<string> {
  const type = getOwn(schema, 'type');
  if (typeof type === 'string') return new Set([type]);
  if (Array.isArray(type)) return new Set(type);
  const choices = getOwn(schema, 'enum') ?? (getOwn(schema, 'const') === undefined ? undefined : [getOwn(schema, 'const')]);
  if (Array.isArray(choices)) return new Set(choices.map((choice) => (choice === null ? 'null' : typeof choice)));
  const branches = getOwn(schema, 'anyOf') ?? getOwn(schema, 'oneOf');
  if (!Array.isArray(branches) || depth >= MAX_DEPTH) return new Set();
  return new Set(branches.flatMap((branch) => [...typesOf(root, resolveLocal(root, branch), depth + 1)]));
}

function readNumber(text: string): number | undefined {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function readJson(text: string, fits: (value: JsonValue) => boolean): JsonValue | undefined {
  if (isDeeper(text, MAX_OUTPUT_DEPTH)) return undefined;
  try {
    const value = JSON.parse(text) as JsonValue;
    return fits(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
