import { WORKER_BINDINGS } from '../program/host-protocol.ts';
import type { RunObject } from './run-object.ts';
import type { StateObject } from './state-object.ts';

/**
 * What the Worker finds in its environment, under the names of WORKER_BINDINGS; everything else is the author's own bindings and variables. The bindings are
 * optional, because a deployed Worker may lack some of them and must say so in words.
 */
export interface WorkerEnv {
  readonly [WORKER_BINDINGS.runs]: DurableObjectNamespace<RunObject>;
  readonly [WORKER_BINDINGS.states]?: DurableObjectNamespace<StateObject>;
  readonly [WORKER_BINDINGS.loader]?: WorkerLoader;
  readonly [WORKER_BINDINGS.bindings]?: string;
  readonly [WORKER_BINDINGS.secrets]?: string;
  readonly [WORKER_BINDINGS.hostToken]?: string;
  readonly [WORKER_BINDINGS.ai]?: object;
}

const OWN_NAMES: ReadonlySet<string> = new Set(Object.values(WORKER_BINDINGS));

/** The variables and secrets that expressions read as `env` (LANGUAGE §3.2): all texts but the worker's own. */
export function readVariables(env: WorkerEnv): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (typeof value === 'string' && !OWN_NAMES.has(name)) variables[name] = value;
  return variables;
}

/** The names of variables that are secrets, as the host lists them. */
export function readSecretNames(env: WorkerEnv): readonly string[] {
  const text = env[WORKER_BINDINGS.secrets];
  return text === undefined ? [] : (JSON.parse(text) as readonly string[]);
}
