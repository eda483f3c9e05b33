import type { JsonObject, JsonValue } from '../../program/json.ts';
import type { ConfigPath } from './toml-outline.ts';

/** One thing that is to stand in a wrangler configuration. Tables and lists that its path needs are made. */
export interface ConfigChange {
  /** `set` puts the value at the path, in place of what is there; `append` makes it the last one of the list at the path. */
  readonly type: 'set' | 'append';
  readonly path: ConfigPath;
  readonly value: JsonValue;
  /** Why it is there: a line above it, where what is written is new and the format has comments that stay. */
  readonly comment?: string;
}

/** What a configuration means once it is changed; undefined where something else than a table or list is in the way. */
export function applyChange(config: JsonObject, { type, path, value }: ConfigChange): JsonObject | undefined {
  const changed = changeAt(config, path, (found) => {
    if (type === 'set') return value;
    if (found === undefined) return [value];
    return isList(found) ? [...found, value] : undefined;
  });
  return changed === undefined || !isTable(changed) ? undefined : changed;
}

function changeAt(
  within: JsonValue | undefined,
  [key, ...rest]: ConfigPath,
  change: (found: JsonValue | undefined) => JsonValue | undefined,
): JsonValue | undefined {
  if (key === undefined) return change(within);
  if (typeof key === 'number') {
    if (within === undefined || !isList(within) || within[key] === undefined) return undefined;
    const entry = changeAt(within[key], rest, change);
    return entry === undefined ? undefined : within.with(key, entry);
  }
  if (within !== undefined && !isTable(within)) return undefined;
  const inner = changeAt(within !== undefined && Object.hasOwn(within, key) ? within[key] : undefined, rest, change);
  return inner === undefined ? undefined : { ...within, [key]: inner };
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function isTable(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}
