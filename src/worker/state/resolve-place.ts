import type { ScopePlace } from '../../program/state-calls.ts';
import type { Bindings } from '../../runtime/ports.ts';

/** The place with the name of its binding; without one where there is none, and for Durable Objects, which need none. */
export function resolvePlace(bindings: Bindings, { backend, binding }: ScopePlace): ScopePlace {
  if (backend === 'durable-object') return { backend };
  const name = binding ?? bindings.names(backend)[0];
  return { backend, ...(name === undefined ? {} : { binding: name }) };
}
