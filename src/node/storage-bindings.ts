import type { BindingNeed } from '../program/program.ts';
import type { ConfiguredBinding, WranglerConfig } from './wrangler/wrangler-config.ts';

export const STORAGE_KINDS = ['kv', 'd1', 'r2'] as const;
export type StorageKind = (typeof STORAGE_KINDS)[number];
export type StorageBindings = Readonly<Record<StorageKind, readonly ConfiguredBinding[]>>;

/** The binding of each kind that is there without any configuration (DESIGN §4). */
const DEFAULT_NAMES: Readonly<Record<StorageKind, string>> = { kv: 'KV', d1: 'DB', r2: 'BUCKET' };

/**
 * The storage a program gets: for each kind that it needs all configured bindings, in the order of the configuration (the first is the one meant
 * by an agent that names none), or the default one; then the names that only the program mentions. Kinds that it does not
 * need stay away: each costs about 25 ms at the start.
 */
export function resolveStorageBindings(needs: readonly BindingNeed[], config: WranglerConfig): StorageBindings {
  const resolve = (kind: StorageKind): readonly ConfiguredBinding[] => {
    const needed = needs.filter((need) => need.kind === kind);
    if (needed.length === 0) return [];
    const bindings: ConfiguredBinding[] =
      config[kind].length > 0 ? [...config[kind]] : [{ binding: DEFAULT_NAMES[kind], id: DEFAULT_NAMES[kind] }];
    for (const { name } of needed) {
      if (name !== undefined && !bindings.some(({ binding }) => binding === name)) bindings.push({ binding: name, id: name });
    }
    return bindings;
  };
  return { kv: resolve('kv'), d1: resolve('d1'), r2: resolve('r2') };
}

/** The names of `needs` that `bindings` lack. */
export function missingNeeds(needs: readonly BindingNeed[], bindings: StorageBindings): readonly BindingNeed[] {
  return needs.filter(({ kind, name }) => {
    if (kind === 'durable-object') return false;
    return name === undefined ? bindings[kind].length === 0 : !bindings[kind].some(({ binding }) => binding === name);
  });
}

/** The names that are provided although a configuration, which has others, lacks them: perhaps a slip of the pen. */
export function unconfiguredNames(bindings: StorageBindings, config: WranglerConfig): readonly string[] {
  return STORAGE_KINDS.flatMap((kind) => {
    const known = new Set([DEFAULT_NAMES[kind], ...config[kind].map(({ binding }) => binding)]);
    return bindings[kind].map(({ binding }) => binding).filter((name) => !known.has(name));
  });
}
