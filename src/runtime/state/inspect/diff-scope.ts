import type { ScopeContent, ScopeKey, ScopeSchema } from '../../../program/state-calls.ts';
import { liveKeys } from './live-keys.ts';

/** A scope at a moment, epoch ms. */
export interface ScopeMoment {
  readonly content: ScopeContent;
  readonly at: number;
}

/** One key that is not what it was. `before` and `after` as runs saw it: absent when there was nothing to see. */
export interface KeyDifference {
  readonly type: 'created' | 'updated' | 'deleted' | 'expired';
  readonly key: string;
  readonly before?: ScopeKey;
  readonly after?: ScopeKey;
}

/** What runs see differently at the later moment, by key. A value that expired and was set anew in between was updated. */
export function diffScope(since: ScopeMoment, until: ScopeMoment, schema: ScopeSchema | undefined): readonly KeyDifference[] {
  const before = liveKeys(since.content, since.at, schema);
  const after = liveKeys(until.content, until.at, schema);
  const stored = new Set(until.content.keys.map(({ key }) => key));
  const differences: KeyDifference[] = [];
  for (const key of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [old, now] = [before.get(key), after.get(key)];
    if (old === undefined && now !== undefined) differences.push({ type: 'created', key, after: now });
    else if (old !== undefined && now === undefined) differences.push({ type: stored.has(key) ? 'expired' : 'deleted', key, before: old });
    else if (old !== undefined && now !== undefined && !isSameValue(old, now)) {
      differences.push({ type: 'updated', key, before: old, after: now });
    }
  }
  return differences;
}

/** The keys that were written between the two moments and are still there, expired or not: also those that were given the value that they had. */
export function writtenBetween(since: ScopeMoment, until: ScopeMoment): ReadonlySet<string> {
  const before = new Map(since.content.keys.map((entry) => [entry.key, entry]));
  return new Set(until.content.keys.filter((entry) => isRewritten(before.get(entry.key), entry)).map(({ key }) => key));
}

function isRewritten(before: ScopeKey | undefined, after: ScopeKey): boolean {
  if (before === undefined) return true;
  if (before.version !== undefined && after.version !== undefined) return after.version > before.version;
  return !isSameValue(before, after) || (after.at ?? 0) > (before.at ?? 0);
}

function isSameValue(a: ScopeKey, b: ScopeKey): boolean {
  return JSON.stringify(a.value) === JSON.stringify(b.value);
}
