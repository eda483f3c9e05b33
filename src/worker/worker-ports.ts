import { WORKER_BINDINGS } from '../program/host-protocol.ts';
import type { Program } from '../program/program.ts';
import type { CodeRunner, Ports } from '../runtime/ports.ts';
import { SYSTEM_CLOCK } from '../runtime/system-clock.ts';
import { readBindings } from './bindings.ts';
import { createCodeRunner } from './code-runner.ts';
import { openCodeWatch } from './code-watch.ts';
import { openDeployedCode, openDeployedNetwork } from './deployment.ts';
import { openLoaderIsolates } from './loader-isolates.ts';
import { readSecretNames, readVariables } from './variables.ts';
import type { WorkerEnv } from './worker-env.ts';

export interface RunVariables {
  readonly run: string;
  /** It goes on from its journal. */
  readonly resumed?: boolean;
  /** Over the Worker's own variables, for this run only. */
  readonly vars: Readonly<Record<string, string>>;
  /** Names among them that are secrets. */
  readonly secretVars: readonly string[];
}

/** Everything that a run in this Worker reads from outside. */
export function openPorts(env: WorkerEnv, program: Program, hash: string, { run, resumed = false, vars, secretVars }: RunVariables): Ports {
  const states = env[WORKER_BINDINGS.states];
  const loader = env[WORKER_BINDINGS.loader];
  const network = openDeployedNetwork(env[WORKER_BINDINGS.privateHosts]);
  const loaded = loader === undefined ? undefined : openLoaderIsolates(loader, program, hash, network?.outbound);
  const isolates = openDeployedCode(program, loaded, network);
  return {
    clock: SYSTEM_CLOCK,
    random: () => Math.random(),
    uuid: () => crypto.randomUUID(),
    fetch: (request) => fetch(request),
    ...(network === undefined ? {} : { network: network.policy }),
    bindings: readBindings(env),
    code: isolates === undefined ? NO_LOADER : createCodeRunner(isolates, program, openCodeWatch(env, run, resumed)),
    env: { ...readVariables(env), ...vars },
    secrets: [...new Set([...readSecretNames(env), ...secretVars])],
    ...(states === undefined ? {} : { stateObject: (scope) => states.getByName(scope) }),
  };
}

const NO_LOADER: CodeRunner = {
  call: async () => ({
    ok: false,
    code: 'UNSUPPORTED',
    message: `This Worker has no Worker Loader binding (${WORKER_BINDINGS.loader}), in which code agents run.`,
    logs: [],
  }),
};
