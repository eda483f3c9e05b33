import type { ScopeContent, ScopeKey, ScopeSchema } from '../../../program/state-calls.ts';
import { getOwn } from '../../own-property.ts';

/** When a value is no longer seen by runs (LANGUAGE §4.7): what was stored with it says so, else the `valid_for` of its ensemble. Undefined = never. */
export function expiryOf({ key, at, valid_until }: ScopeKey, schema: ScopeSchema | undefined): number | undefined {
  if (valid_until !== undefined) return valid_until;
  const plan = getOwn(schema, key) as ScopeSchema[string] | undefined;
  return plan?.valid_for_ms === undefined || at === undefined ? undefined : at + plan.valid_for_ms;
}

/** What runs would see at a moment: the keys without those that have expired by then, by name. */
export function liveKeys({ keys }: ScopeContent, at: number, schema: ScopeSchema | undefined): ReadonlyMap<string, ScopeKey> {
  const live = new Map<string, ScopeKey>();
  for (const entry of keys) {
    const end = expiryOf(entry, schema);
    if (end === undefined || at < end) live.set(entry.key, entry);
  }
  return live;
}
