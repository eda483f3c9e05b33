import { openRun } from '../open-run.ts';
import type { WorkerEnv } from '../worker-env.ts';
import { refuse } from './refused-request.ts';

/** What the object of a run answers on one of HOST_ROUTES. Throws RefusedRequest (404) when it has no run yet: one is in the index a moment before. */
export async function askRun(env: WorkerEnv, run: string, path: string): Promise<Response> {
  // The name of the host is of no meaning there.
  const response = await openRun(env, run).fetch(`https://run${path}`);
  return response.status === 404 ? refuse('not-found', `There is no run ${run}.`) : response;
}
