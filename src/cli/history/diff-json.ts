import type { JsonValue } from '../../program/json.ts';

/** One place at which two values differ; a side that has nothing there is absent. */
export interface JsonDifference {
  /** A JSON pointer (RFC 6901). */
  readonly path: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
}

/** Every place at which the two differ, the deepest ones that tell: objects by their keys, lists by position. Nothing for equal values. */
export function* diffJson(before: JsonValue | undefined, after: JsonValue | undefined, path: string): Generator<JsonDifference> {
  if (before === after) return;
  const [a, b] = [childrenOf(before), childrenOf(after)];
  if (a === undefined || b === undefined || Array.isArray(before) !== Array.isArray(after)) {
    yield { path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
    return;
  }
  for (const key of new Set([...a.keys(), ...b.keys()])) yield* diffJson(a.get(key), b.get(key), `${path}/${pointerToken(key)}`);
}

/** A key as a JSON pointer spells it. */
export function pointerToken(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** By key, or by position; undefined for what holds nothing. Maps, since a key may have any name. */
function childrenOf(value: JsonValue | undefined): ReadonlyMap<string, JsonValue> | undefined {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
}
