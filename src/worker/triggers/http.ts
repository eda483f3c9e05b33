import type { WorkerEnv } from '../worker-env.ts';

/** Starts the run of the `http` or `webhook` trigger whose path and method the request has; undefined when there is none. */
export async function answerTrigger(_request: Request, _env: WorkerEnv, _context: ExecutionContext): Promise<Response | undefined> {
  return undefined;
}
