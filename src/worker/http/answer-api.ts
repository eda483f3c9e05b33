import type { WorkerEnv } from '../worker-env.ts';

/** What begins so is the API's, and no trigger's. */
export const API_PREFIX = '/api/';

/** The HTTP API of a deployed Worker. Undefined for what is not below its prefix. */
export async function answerApi(_request: Request, _env: WorkerEnv, _context: ExecutionContext): Promise<Response | undefined> {
  return undefined;
}
