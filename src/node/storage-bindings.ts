import type { BindingNeed } from '../program/program.ts';
import type { ConfiguredBinding, WranglerConfig } from './wrangler/wrangler-config.ts';

export type StorageKind = 'kv' | 'd1' | 'r2';
export type StorageBindings = Readonly<Record<StorageKind, readonly ConfiguredBinding[]>>;

/** The binding of each kind that is there without any configuration (DESIGN §4). */
export const DEFAULT_BINDINGS: Readonly<Record<StorageKind, string>> = { kv: 'KV', d1: 'DB', r2: 'BUCKET' };

/**
 * The storage a program gets: for each kind that it needs all configured bindings, in the order of the configuration (the first is the one meant
 * by an agent that names none), or the default one; then the names that only the program mentions. Kinds that it does not
 * need stay away: each costs about 25 ms at the start.
 */
export function resolveStorageBindings(needs: readonly BindingNeed[], config: WranglerConfig): StorageBindings {
  const resolve = (kind: StorageKind): readonly ConfiguredBinding[] => {
    const needed = needs.filter((need) => need.kind === kind);
    if (needed.length === 0) return [];
    const bindings: ConfiguredBinding[] = [...config[kind]];
    const add = (name: string) => {
      if (!bindings.some(({ binding }) => binding === name)) bindings.push({ binding: name, id: name });
    };
    if (bindings.length === 0) add(DEFAULT_BINDINGS[kind]);
    for (const need of needed) if (need.name !== undefined) add(need.name);
    return bindings;
  };
  return { kv: resolve('kv'), d1: resolve('d1'), r2: resolve('r2') };
}

/** The names in `bindings` that the configuration lacks, as text for a notice; the defaults do not count. */
export function unconfiguredNames(bindings: StorageBindings, config: WranglerConfig): readonly string[] {
  return (['kv', 'd1', 'r2'] as const).flatMap((kind) =>
    bindings[kind]
      .map(({ binding }) => binding)
      .filter((name) => name !== DEFAULT_BINDINGS[kind] && !config[kind].some(({ binding }) => binding === name)),
  );
}
