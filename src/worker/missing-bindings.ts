import { WORKER_BINDINGS } from '../program/host-protocol.ts';
import type { Program } from '../program/program.ts';
import { readBindings } from './bindings.ts';
import type { WorkerEnv } from './worker-env.ts';

/** The storage that the program needs and this Worker has not, each as people read it: `kv OTHER`, `d1`. */
export function findMissingBindings(program: Program, env: WorkerEnv): readonly string[] {
  const { names } = readBindings(env);
  const missing = program.bindings.filter(({ kind, name }) => {
    if (kind === 'durable-object') return env[WORKER_BINDINGS.states] === undefined;
    return name === undefined ? names(kind).length === 0 : !names(kind).includes(name);
  });
  return missing.map(({ kind, name }) => (name === undefined ? kind : `${kind} ${name}`));
}
