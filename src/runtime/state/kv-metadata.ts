import { getOwn, setOwn } from '../own-property.ts';
import { measureBytes } from './stored-text.ts';

/** What KV allows for an entry's metadata, as JSON. */
const MAX_METADATA_BYTES = 1024;

/** What the plain JSON object cannot say: when keys with `valid_for` were written and expire (epoch ms), and which keys are tainted. */
export interface KvNotes {
  readonly writtenAt: Readonly<Record<string, number>>;
  readonly validUntil: Readonly<Record<string, number>>;
  readonly tainted: readonly string[];
  /** The name of the commit that wrote it: one that is sent again after a crash is not applied twice. */
  readonly commit?: string | undefined;
}

/**
 * The metadata `{ensemble: {commit, at, until, tainted}}`, or undefined when there is nothing to say. Where it would grow too large it says less, on the
 * safe side: not when keys expire, which an ensemble knows; one time, the oldest, for all keys; `tainted: true` for all keys.
 */
export function packKvMetadata({ writtenAt, validUntil, tainted, commit }: KvNotes): object | undefined {
  const times = Object.values(writtenAt);
  if (times.length === 0 && tainted.length === 0 && commit === undefined) return undefined;
  const taintedField = tainted.length === 0 ? {} : { tainted };
  const oldest = times.length === 0 ? {} : { at: Math.min(...times) };
  const candidates = [
    { ...(times.length === 0 ? {} : { at: writtenAt, until: validUntil }), ...taintedField },
    { ...(times.length === 0 ? {} : { at: writtenAt }), ...taintedField },
    { ...oldest, ...taintedField },
    { ...oldest, ...(tainted.length === 0 ? {} : { tainted: true }) },
  ];
  const named = commit === undefined ? [] : candidates.map((ensemble) => ({ commit, ...ensemble }));
  const fitting = [...named, ...candidates]
    .map((ensemble) => ({ ensemble }))
    .find((metadata) => measureBytes(JSON.stringify(metadata), MAX_METADATA_BYTES) <= MAX_METADATA_BYTES);
  return fitting;
}

/** The notes about `keys`. Metadata that another program wrote, or none, says nothing: ages are unknown and nothing is tainted. */
export function readKvMetadata(metadata: unknown, keys: readonly string[]): KvNotes {
  const ensemble = getOwn(metadata, 'ensemble');
  const at = getOwn(ensemble, 'at');
  const until = getOwn(ensemble, 'until');
  const tainted = getOwn(ensemble, 'tainted');
  const writtenAt: { [key: string]: number } = Object.create(null);
  const validUntil: { [key: string]: number } = Object.create(null);
  for (const key of keys) {
    const time = typeof at === 'number' ? at : getOwn(at, key);
    if (typeof time === 'number') setOwn(writtenAt, key, time);
    const end = getOwn(until, key);
    if (typeof end === 'number') setOwn(validUntil, key, end);
  }
  return { writtenAt, validUntil, tainted: keys.filter((key) => tainted === true || (Array.isArray(tainted) && tainted.includes(key))) };
}

/** The name of the commit that wrote last. */
export function readKvCommit(metadata: unknown): string | undefined {
  const commit = getOwn(getOwn(metadata, 'ensemble'), 'commit');
  return typeof commit === 'string' ? commit : undefined;
}
