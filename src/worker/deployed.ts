import { type Deployment, installDeployment } from './deployment.ts';
import { answerHost } from './host-routes.ts';
import { answerApi } from './http/answer-api.ts';
import { problem } from './http/problem.ts';
import { openGuardedNetwork } from './network-guard.ts';
import { openStaticIsolates } from './static-code/static-isolates.ts';
import { onScheduled } from './triggers/cron.ts';
import { onEmail } from './triggers/email.ts';
import { answerTrigger } from './triggers/http.ts';
import { onQueue } from './triggers/queue.ts';
import type { WorkerEnv } from './worker-env.ts';
// Loaded when it is first needed elsewhere; a deployed Worker has all its modules at hand.
import './workflow/workflow-engine.ts';

export { ClaimObject } from './claims/claim-object.ts';
export { NetworkGuard } from './network-guard.ts';
export { RunIndex } from './run-index.ts';
export { RunObject } from './run-object.ts';
export { ScopeIndex } from './state/scope-index.ts';
export { StateObject } from './state-object.ts';
export { EnsembleWorkflow } from './workflow/ensemble-workflow.ts';

/** The handlers of a deployed Worker. The entry module that `ensemble build` generates calls this with the project, once. */
export function createWorker(deployment: Deployment) {
  installDeployment(deployment, openStaticIsolates, openGuardedNetwork);
  return {
    async fetch(request, env, context) {
      return (
        (await answerHost(request, env)) ??
        (await answerApi(request, env, context)) ??
        (await answerTrigger(request, env, context)) ??
        problem('not-found', 'There is nothing at this path.')
      );
    },
    scheduled: onScheduled,
    queue: onQueue,
    email: onEmail,
  } satisfies ExportedHandler<WorkerEnv>;
}
