import type { JsonObject, JsonValue } from '../../program/json.ts';

/** One place at which two values differ; a side that has nothing there is absent. */
export interface JsonDifference {
  /** A JSON pointer (RFC 6901). */
  readonly path: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
}

/** Every place at which the two differ, the deepest ones that tell: objects by their keys, lists by position. Nothing for equal values. */
export function diffJson(before: JsonValue | undefined, after: JsonValue | undefined, path: string): readonly JsonDifference[] {
  const found: JsonDifference[] = [];
  collect(before, after, path, found);
  return found;
}

/** Into one list: handing each difference up through a thousand levels would cost a thousand times as much. */
function collect(before: JsonValue | undefined, after: JsonValue | undefined, path: string, found: JsonDifference[]): void {
  if (before === after) return;
  if (isList(before) && isList(after)) {
    for (let at = 0; at < Math.max(before.length, after.length); at += 1) collect(before[at], after[at], `${path}/${at}`, found);
  } else if (isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      collect(own(before, key), own(after, key), `${path}/${pointerToken(key)}`, found);
    }
  } else found.push({ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) });
}

/** A key as a JSON pointer spells it. */
export function pointerToken(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A key may have any name. */
function own(value: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
