import { WORKER_BINDINGS } from '../program/host-protocol.ts';
import type { ClaimObject } from './claims/claim-object.ts';
import type { RunIndex } from './run-index.ts';
import type { RunObject } from './run-object.ts';
import type { ScopeIndex } from './state/scope-index.ts';
import type { StateObject } from './state-object.ts';
import type { WorkflowParams } from './workflow/ensemble-workflow.ts';

/**
 * What the Worker finds in its environment, under the names of WORKER_BINDINGS; everything else is the author's own bindings and variables. The bindings are
 * optional, because a deployed Worker may lack some of them and must say so in words.
 */
export interface WorkerEnv {
  readonly [WORKER_BINDINGS.runs]: DurableObjectNamespace<RunObject>;
  readonly [WORKER_BINDINGS.states]?: DurableObjectNamespace<StateObject>;
  readonly [WORKER_BINDINGS.index]?: DurableObjectNamespace<RunIndex>;
  readonly [WORKER_BINDINGS.scopes]?: DurableObjectNamespace<ScopeIndex>;
  readonly [WORKER_BINDINGS.loader]?: WorkerLoader;
  readonly [WORKER_BINDINGS.bindings]?: string;
  readonly [WORKER_BINDINGS.secrets]?: string;
  readonly [WORKER_BINDINGS.hostToken]?: string;
  readonly [WORKER_BINDINGS.sealKey]?: string;
  readonly [WORKER_BINDINGS.verdicts]?: string;
  readonly [WORKER_BINDINGS.watchSecret]?: string;
  readonly [WORKER_BINDINGS.careful]?: string;
  readonly [WORKER_BINDINGS.ai]?: object;
  readonly [WORKER_BINDINGS.claims]?: DurableObjectNamespace<ClaimObject>;
  readonly [WORKER_BINDINGS.workflow]?: Workflow<WorkflowParams>;
  readonly [WORKER_BINDINGS.apiKeys]?: string;
  readonly [WORKER_BINDINGS.rateLimit]?: RateLimit;
  readonly [WORKER_BINDINGS.indexShards]?: string;
  readonly [WORKER_BINDINGS.privateHosts]?: string;
}
