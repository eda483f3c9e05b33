import { PROGRAM_FORMAT, type Program } from '../../program/program.ts';
import type { ScopePlace } from '../../program/state-calls.ts';

/** A program that does nothing but need the bindings of a place: a host opened for it can reach that place. */
export function programNeeding({ backend, binding }: ScopePlace): Program {
  return {
    format: PROGRAM_FORMAT,
    ensemble: 'state',
    file: '',
    body: {
      state: { backend: 'memory', key: { type: 'constant', value: 'state' }, persist: 'on_success', onConflict: 'merge' },
      steps: [],
      concurrency: 1,
    },
    files: {},
    limits: {},
    triggers: [],
    modules: {},
    bindings: [{ kind: backend, ...(binding === undefined ? {} : { name: binding }) }],
  };
}
