import type { BindingNeed } from '../program/program.ts';
import { ProjectProblem } from './project-problem.ts';
import { type ConfiguredBinding, OWN_NAMES, type WranglerConfig } from './wrangler/wrangler-config.ts';

export const STORAGE_KINDS = ['kv', 'd1', 'r2'] as const;
export type StorageKind = (typeof STORAGE_KINDS)[number];
export type StorageBindings = Readonly<Record<StorageKind, readonly ConfiguredBinding[]>>;

const KIND_TEXTS: Readonly<Record<StorageKind, string>> = { kv: 'a KV namespace', d1: 'a D1 database', r2: 'an R2 bucket' };

/** The binding of each kind that is there without any configuration (DESIGN §4). */
export const DEFAULT_NAMES: Readonly<Record<StorageKind, string>> = { kv: 'KV', d1: 'DB', r2: 'BUCKET' };

/**
 * The storage a program gets: for each kind that it needs all configured bindings, in the order of the configuration (the first is the one meant
 * by an agent that names none), or the default one; then the names that only the program mentions. Kinds that it does not
 * need stay away: each costs about 25 ms at the start.
 * @throws ProjectProblem when one name is to be two kinds of storage, or is one of the Worker's own.
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
  const bindings = { kv: resolve('kv'), d1: resolve('d1'), r2: resolve('r2') };
  refuseSharedNames(bindings, config);
  return bindings;
}

function refuseSharedNames(bindings: StorageBindings, config: WranglerConfig): void {
  const known = new Map<string, { readonly kind: StorageKind; readonly where: string }>();
  const list = (from: StorageBindings, where: string) => {
    for (const kind of STORAGE_KINDS) {
      for (const { binding } of from[kind]) {
        const other = known.get(binding) ?? { kind, where };
        known.set(binding, other);
        if (OWN_NAMES.has(binding))
          throw new ProjectProblem(`no storage may be called ${binding}: the Worker itself has something of that name`);
        if (other.kind === kind) continue;
        throw new ProjectProblem(
          `the binding ${binding} is ${KIND_TEXTS[other.kind]}${other.where}, but an agent uses it as ${KIND_TEXTS[kind]}: give the agent's config another binding`,
        );
      }
    }
  };
  list(config, ' in the wrangler configuration');
  list(bindings, '');
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
