import { API_PATH_PREFIX } from '../../program/reserved-paths.ts';
import { authenticate } from '../auth/api-keys.ts';
import { currentDeployment } from '../deployment.ts';
import type { WorkerEnv } from '../worker-env.ts';
import { answerKnown } from './api.ts';
import { problem } from './problem.ts';
import { problemOf } from './problem-of.ts';

/**
 * The HTTP API of a deployed Worker. Undefined for what is not below its prefix. Without a key there is nothing to be learned: a path that is none, and a method that is not
 * answered, get the same 401.
 */
export async function answerApi(request: Request, env: WorkerEnv, _context: ExecutionContext): Promise<Response | undefined> {
  const deployment = currentDeployment();
  if (deployment === undefined || !new URL(request.url).pathname.startsWith(API_PATH_PREFIX)) return undefined;
  try {
    const caller = await authenticate(request, env);
    if (caller === undefined) return problem('unauthorized', 'The API needs a key: `Authorization: Bearer <key>`.', CHALLENGE);
    return await answerKnown(request, { env, caller, deployment });
  } catch (error) {
    return problemOf(error);
  }
}

const CHALLENGE = { headers: { 'www-authenticate': 'Bearer realm="ensemble"' } };
