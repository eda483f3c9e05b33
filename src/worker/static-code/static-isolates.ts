import { staticModuleKey } from '../../program/deployment.ts';
import { sha256 } from '../../program/hash.ts';
import type { CodeModule, Program } from '../../program/program.ts';
import type { HarnessPort, OutcomeText } from '../code-harness/protocol.ts';
import type { CodeIsolates } from '../code-isolates.ts';
import type { DeployedNetwork, Deployment } from '../deployment.ts';

/**
 * Runs a program's `code` bodies as modules of the Worker itself, where an account has no Worker Loader: `ensemble build` wrote them. They share the Worker's isolate, with globals of
 * their own (static-harness.ts). A program that is not of this build may name modules that are not there: `others` runs those, where there is a loader after all.
 */
export function openStaticIsolates(
  deployment: Deployment,
  program: Program,
  others?: CodeIsolates,
  guarded?: DeployedNetwork,
): CodeIsolates {
  /** Calls that have not begun yet: one that is aborted then never does. */
  const pending = new Set<string>();
  const open = (network: boolean): HarnessPort => {
    const other = others?.open(network);
    return {
      async call(name, scope, id, keepAliveMs) {
        pending.add(id);
        const module = program.modules[name];
        const key = module === undefined ? '' : await keyOf(module);
        const isThere = Object.hasOwn(deployment.modules, key);
        const own = isThere ? await harness(deployment, guarded) : undefined;
        if (!pending.delete(id)) return renderFailure('CANCELLED', 'The call was aborted before it began.');
        if (own === undefined) return other?.call(others?.fileOf(name) ?? '', scope, id, keepAliveMs) ?? renderFailure('CODE_GONE', GONE);
        return own.call(`${key}.js`, scope, id);
      },
      async takeLogs(id) {
        const own = (await opened?.takeLogs(id)) ?? NO_LOGS;
        return own === NO_LOGS && other !== undefined ? other.takeLogs(id) : own;
      },
      async abort(id) {
        if (pending.delete(id)) return;
        await Promise.all([opened?.abort(id), other?.abort(id)]);
      },
    };
  };
  const isolates = [open(false), open(true)] as const;
  return {
    open: (network) => isolates[network ? 1 : 0],
    fileOf: (name) => (Object.hasOwn(program.modules, name) ? name : undefined),
  };
}

const NO_LOGS = '[]';

const GONE =
  'This Worker does not have the code of this agent any more: the run began before the last deployment. Start the ensemble again; ' +
  'a Worker with a Worker Loader (ENSEMBLE_LOADER) keeps for each run the code that it began with.';

// What is kept is values, not promises: one that another request began may end with that.
const keys = new WeakMap<CodeModule, string>();
let opened: HarnessPort | undefined;

async function keyOf(module: CodeModule): Promise<string> {
  const key = keys.get(module) ?? staticModuleKey(await sha256(module.source), module.network);
  keys.set(module, key);
  return key;
}

/** Loaded by the first call: it needs `nodejs_als`, and most Workers start without a call of code. */
async function harness({ modules, globals }: Deployment, guarded: DeployedNetwork | undefined): Promise<HarnessPort> {
  if (opened !== undefined) return opened;
  const { openStaticHarness } = await import('./static-harness.ts');
  opened ??= openStaticHarness(modules, globals, guarded);
  return opened;
}

function renderFailure(code: 'CANCELLED' | 'CODE_GONE', message: string): string {
  const outcome: OutcomeText = { ok: false, code, message, logs: [] };
  return JSON.stringify(outcome);
}
