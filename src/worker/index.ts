import { answerHost } from './host-routes.ts';
import type { WorkerEnv } from './worker-env.ts';

export { RunIndex } from './run-index.ts';
export { RunObject } from './run-object.ts';
export { ScopeIndex } from './state/scope-index.ts';
export { StateObject } from './state-object.ts';
export { EnsembleWorkflow } from './workflow/ensemble-workflow.ts';

export default {
  async fetch(request, env) {
    return (await answerHost(request, env)) ?? new Response('Not found\n', { status: 404 });
  },
} satisfies ExportedHandler<WorkerEnv>;
