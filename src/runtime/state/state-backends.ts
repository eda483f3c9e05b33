import type { StateBackendName, StatePlan } from '../../program/program.ts';
import { failure } from '../failure.ts';
import type { Ports } from '../ports.ts';
import type { StateBackend } from './backend.ts';
import { createD1Backend } from './d1-backend.ts';
import { createDurableObjectBackend } from './durable-object-backend.ts';
import { createKvBackend } from './kv-backend.ts';
import { createMemoryBackend } from './memory-backend.ts';

type StatePorts = Pick<Ports, 'bindings' | 'clock' | 'uuid' | 'stateObject'>;
type OpenBackend = (plan: StatePlan, ports: StatePorts) => StateBackend;

/** Every backend but memory, which belongs to one run: how to reach it, or BINDING_MISSING. */
const BACKENDS: Readonly<Record<Exclude<StateBackendName, 'memory'>, OpenBackend>> = {
  kv: ({ binding }, { bindings, clock }) => createKvBackend(bindings.kv(binding) ?? missing('kv', binding, bindings.names('kv')), clock),
  d1: ({ binding }, { bindings, uuid }) => createD1Backend(bindings.d1(binding) ?? missing('d1', binding, bindings.names('d1')), uuid),
  'durable-object': (_, { stateObject, uuid }) => {
    if (stateObject !== undefined) return createDurableObjectBackend(stateObject, uuid);
    throw failure('BINDING_MISSING', 'state.backend is durable-object, but this host has no binding for the StateObject class');
  },
};

/**
 * The backends of one run: `state.backend` and `state.binding` choose. Call it once for each run of an ensemble; its memory backend is what the memory scopes of that one
 * live in. The chooser throws BINDING_MISSING.
 */
export function createStateBackends(ports: StatePorts): (plan: StatePlan) => StateBackend {
  const memory = createMemoryBackend();
  return (plan) => (plan.backend === 'memory' ? memory : BACKENDS[plan.backend](plan, ports));
}

function missing(kind: 'kv' | 'd1', name: string | undefined, names: readonly string[]): never {
  const wanted = name === undefined ? `no ${kind} binding is configured` : `there is no ${kind} binding "${name}"`;
  const known = names.length === 0 ? '' : `. Configured: ${names.join(', ')}`;
  throw failure(
    'BINDING_MISSING',
    `state.backend is ${kind}, but ${wanted}${known}. Add one to the wrangler configuration, or name another with state.binding`,
  );
}
