import { WORKER_BINDINGS } from '../../program/host-protocol.ts';
import type { ScopeAddress } from '../../program/state-calls.ts';
import { failure } from '../../runtime/failure.ts';
import type { StateBackend } from '../../runtime/state/backend.ts';
import { createD1Backend } from '../../runtime/state/d1-backend.ts';
import { createDurableObjectBackend } from '../../runtime/state/durable-object-backend.ts';
import { createD1Inspector } from '../../runtime/state/inspect/d1-inspector.ts';
import { createDurableObjectInspector } from '../../runtime/state/inspect/durable-object-inspector.ts';
import { createKvInspector } from '../../runtime/state/inspect/kv-inspector.ts';
import type { ScopeInspector } from '../../runtime/state/inspect/scope-inspector.ts';
import { createKvBackend } from '../../runtime/state/kv-backend.ts';
import { parseScope } from '../../runtime/state/scope-key.ts';
import { SYSTEM_CLOCK } from '../../runtime/system-clock.ts';
import { readBindings } from '../bindings.ts';
import type { WorkerEnv } from '../worker-env.ts';
import { readKnownScopes } from './open-scope-index.ts';

/** One scope, to look at and to write to by the same backend that runs use. */
export interface OpenScope {
  readonly inspector: ScopeInspector;
  readonly backend: StateBackend;
}

const OPENERS: Readonly<Record<ScopeAddress['backend'], (env: WorkerEnv, address: ScopeAddress) => OpenScope>> = {
  kv: (env, { scope, binding }) => {
    const namespace = readBindings(env).kv(binding) ?? missing('kv', binding);
    return { inspector: createKvInspector(namespace, scope, SYSTEM_CLOCK), backend: createKvBackend(namespace, SYSTEM_CLOCK) };
  },
  d1: (env, { scope, binding }) => {
    const database = readBindings(env).d1(binding) ?? missing('d1', binding);
    return { inspector: createD1Inspector(database, scope, Date.now), backend: createD1Backend(database, drawId) };
  },
  'durable-object': (env, { scope }) => {
    const states = env[WORKER_BINDINGS.states] ?? missing('durable-object', undefined);
    const object = states.getByName(scope);
    const inspector = createDurableObjectInspector(object);
    const ifKnown = async <Reply>(ask: () => Promise<Reply>, otherwise: Reply): Promise<Reply> =>
      (await isKnown(env, scope)) ? ask() : otherwise;
    return {
      inspector: {
        exists: () => ifKnown(inspector.exists, false),
        read: (point) => ifKnown(() => inspector.read(point), { type: 'content', content: { version: 0, keys: [] }, at: Date.now() }),
        history: (ask) => ifKnown(() => inspector.history(ask), { type: 'history', changes: [] }),
      },
      backend: createDurableObjectBackend(() => object, drawId),
    };
  },
};

/** Throws BINDING_MISSING, and CONFIG_INVALID for what is no name of a scope. */
export function openScope(env: WorkerEnv, address: ScopeAddress): OpenScope {
  parseScope(address.scope);
  return OPENERS[address.backend](env, address);
}

const drawId = () => crypto.randomUUID();

/** An object comes into being by being asked: one that no run has opened is not asked. */
async function isKnown(env: WorkerEnv, scope: string): Promise<boolean> {
  const known = await readKnownScopes(env, scope);
  return known.some(({ backend }) => backend === 'durable-object');
}

function missing(backend: ScopeAddress['backend'], binding: string | undefined): never {
  const wanted = binding === undefined ? `no ${backend} binding is configured` : `there is no ${backend} binding "${binding}"`;
  throw failure('BINDING_MISSING', `The scope lies in ${backend}, but ${wanted} here`);
}
