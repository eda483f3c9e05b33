import { WORKER_BINDINGS } from '../program/host-protocol.ts';
import { currentDeployment } from './deployment.ts';

const OWN_NAMES: ReadonlySet<string> = new Set(Object.values(WORKER_BINDINGS));

/** The variables and secrets that expressions read as `env` (LANGUAGE §3.2): all texts of the Worker's environment but the worker's own. */
export function readVariables(env: object): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (typeof value === 'string' && !OWN_NAMES.has(name)) variables[name] = value;
  return variables;
}

/** The names of variables that are secrets: those that the host lists; in a deployed Worker all that its configuration does not have in the open. */
export function readSecretNames(env: object): readonly string[] {
  const text: unknown = Reflect.get(env, WORKER_BINDINGS.secrets);
  if (typeof text === 'string') return JSON.parse(text) as readonly string[];
  const deployment = currentDeployment();
  return deployment === undefined ? [] : Object.keys(readVariables(env)).filter((name) => !deployment.vars.includes(name));
}
