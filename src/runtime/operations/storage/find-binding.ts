import { failure } from '../../failure.ts';
import type { Bindings, D1Like, KvLike, R2Like } from '../../ports.ts';

interface Kinds {
  readonly kv: KvLike;
  readonly d1: D1Like;
  readonly r2: R2Like;
}
const NAMES = { kv: 'KV namespace', d1: 'D1 database', r2: 'R2 bucket' } as const;

/** The binding of that name, or the first of its kind without one. `BINDING_MISSING` lists those that there are. */
export function findBinding<Kind extends keyof Kinds>(bindings: Bindings, kind: Kind, name: string | undefined): Kinds[Kind] {
  const binding = bindings[kind](name) as Kinds[Kind] | undefined;
  if (binding !== undefined) return binding;
  const names = bindings.names(kind);
  const present = names.length === 0 ? `no ${NAMES[kind]} is bound` : `bound are ${names.join(', ')}`;
  throw failure('BINDING_MISSING', name === undefined ? present : `there is no ${NAMES[kind]} binding called "${name}"; ${present}`);
}
