import type { JsonObject, JsonValue } from '../../../program/json.ts';
import { setOwn } from '../../own-property.ts';
import type { StateReader } from '../state-reader.ts';

export interface StateNeeds {
  /** The same array each time: views are remembered by it. */
  readonly use: readonly string[];
  readonly useAll: boolean;
}

/** The keys that are needed, with their values and their taint as they are now. */
export function captureState(state: StateReader, { use, useAll }: StateNeeds): StateReader {
  const values = useAll ? state.snapshot() : state.view(use, false);
  const tainted = new Set(Object.keys(values).filter((key) => state.isTainted([key], false)));
  return {
    view: (keys, all) => (all ? values : pick(values, keys)),
    snapshot: () => values,
    isTainted: (keys, all) => (all ? tainted.size > 0 : keys.some((key) => tainted.has(key))),
  };
}

function pick(values: JsonObject, keys: readonly string[]): JsonObject {
  const picked: Record<string, JsonValue> = Object.create(null);
  for (const key of keys) {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    if (value !== undefined) setOwn(picked, key, value);
  }
  return Object.freeze(picked);
}
