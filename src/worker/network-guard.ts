import { exports, WorkerEntrypoint } from 'cloudflare:workers';
import { WORKER_BINDINGS } from '../program/host-protocol.ts';
import { allowsAll, createNetworkPolicy } from '../runtime/network/network-policy.ts';
import { showUrl } from '../runtime/network/send-request.ts';
import type { DeployedNetwork, Outbound } from './deployment.ts';
import type { WorkerEnv } from './worker-env.ts';

/**
 * The way out of code agents with `network: true`, in a deployed Worker: each request that they send, and each redirect that they follow, comes by here and goes where one of `http` would go. WebSockets
 * are requests too; plain sockets do not pass (the platform offers a Worker no way to take them in).
 */
export class NetworkGuard extends WorkerEntrypoint<WorkerEnv> {
  override async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const why = createNetworkPolicy(this.env[WORKER_BINDINGS.privateHosts]).refuse(url);
    if (why !== undefined) throw new TypeError(`${request.method} ${showUrl(url)} is not sent: ${why}`);
    return fetch(request);
  }
}

/** What a deployed Worker may reach, and by which way its code agents do. `exceptions`: of `createNetworkPolicy`; with `*` among them nothing stands in the way, of sockets either. */
export function openGuardedNetwork(exceptions: string | undefined): DeployedNetwork {
  const policy = createNetworkPolicy(exceptions);
  if (allowsAll(exceptions)) return { policy };
  // A main module that somebody wrote around the built one may not hand it on: no way out then, instead of an open one.
  const guard = (exports as { readonly NetworkGuard?: Outbound }).NetworkGuard ?? null;
  return { policy, outbound: guard };
}
