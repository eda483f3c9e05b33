import { AsyncLocalStorage } from 'node:async_hooks';
import { BodyCalls } from '../code-harness/body-calls.ts';
import { buildConsole } from '../code-harness/captured-console.ts';
import { lockHtmlTokens } from '../code-harness/late-classes.ts';
import { lockDown } from '../code-harness/lock-down.ts';
import type { HarnessPort } from '../code-harness/protocol.ts';
import type { DeployedNetwork, Deployment } from '../deployment.ts';
import { bindHandlers } from './bind-handlers.ts';
import { CallTimers } from './call-timers.ts';
import { buildGlobals, type StaticCall } from './isolate-globals.ts';

/**
 * What the harness of an isolate is for a Worker Loader's isolates (code-harness/harness.ts), in the Worker's own isolate.
 *
 * 1. The modules see globals of their own, which `ensemble build` binds in each of them: without the Worker's global object, and without a way out unless they have network.
 * 2. What all code of this isolate shares is frozen first, but for the global object, which the Worker's own libraries write to.
 * 3. What a call began ends with it: its timers, its network.
 */
export function openStaticHarness(modules: Deployment['modules'], globals: Deployment['globals'], guarded?: DeployedNetwork): HarnessPort {
  const current = new AsyncLocalStorage<StaticCall>();
  const console = buildConsole(() => current.getStore()?.log);
  const call = (): StaticCall => {
    const found = current.getStore();
    if (found === undefined || found.timers.over) throw new Error('The call that this code was part of is over.');
    return found;
  };
  lockHtmlTokens();
  const given = (['closed', 'network'] as const).map((kind) =>
    buildGlobals(globals[kind], { network: kind === 'network', guarded, console, call }),
  );
  bindHandlers(given);
  lockDown(given);
  return new BodyCalls({
    console,
    load(file) {
      const module = modules[file.replace(/\.js$/, '')];
      if (module === undefined) throw new Error(`there is no module ${file}`);
      return module();
    },
    async enter(log, run) {
      const timers = new CallTimers();
      try {
        return await current.run({ log, timers }, run);
      } finally {
        timers.end();
      }
    },
  });
}
