import { WORKER_BINDINGS } from '../program/host-protocol.ts';
import type { Bindings, D1Like, KvLike, R2Like } from '../runtime/ports.ts';

type Kind = 'kv' | 'd1' | 'r2';
type Names = Readonly<Partial<Record<Kind, readonly string[]>>>;

/** Methods by which a binding's kind is told where the host does not list them. */
const METHODS: Readonly<Record<Kind, readonly string[]>> = {
  kv: ['getWithMetadata', 'put', 'list'],
  d1: ['prepare', 'batch'],
  r2: ['head', 'createMultipartUpload'],
};

/** The storage that is bound to the Worker. Without a name the first of that kind: in the host's order, else in the environment's. */
export function readBindings(env: object): Bindings {
  const listed: unknown = Reflect.get(env, WORKER_BINDINGS.bindings);
  const names: Names = typeof listed === 'string' ? (JSON.parse(listed) as Names) : findNames(env);
  const find = (kind: Kind, name: string | undefined): unknown => {
    const wanted = name ?? names[kind]?.[0];
    return wanted !== undefined && names[kind]?.includes(wanted) === true ? Reflect.get(env, wanted) : undefined;
  };
  return {
    // The real bindings have all that the slices ask for; the environment is untyped.
    kv: (name) => find('kv', name) as KvLike | undefined,
    d1: (name) => find('d1', name) as D1Like | undefined,
    r2: (name) => find('r2', name) as R2Like | undefined,
    names: (kind) => names[kind] ?? [],
    ai: () => Reflect.get(env, WORKER_BINDINGS.ai) as object | undefined,
  };
}

function findNames(env: object): Names {
  const found = (kind: Kind): readonly string[] =>
    Object.entries(env).flatMap(([name, binding]: [string, unknown]) => (hasMethods(binding, METHODS[kind]) ? [name] : []));
  return { kv: found('kv'), d1: found('d1'), r2: found('r2') };
}

function hasMethods(binding: unknown, methods: readonly string[]): boolean {
  return typeof binding === 'object' && binding !== null && methods.every((method) => typeof Reflect.get(binding, method) === 'function');
}
