import { API_PATH_PREFIX } from '../../program/reserved-paths.ts';
import { authenticate } from '../auth/api-keys.ts';
import { callerAddress } from '../auth/caller-address.ts';
import { RETRY_AFTER_S, withinRate } from '../auth/within-rate.ts';
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
    if (caller === undefined) return await answerStranger(request, env);
    return await answerKnown(request, { env, caller, deployment });
  } catch (error) {
    return problemOf(error);
  }
}

/** Who guesses keys is counted by its address; a right key from there is not. */
async function answerStranger(request: Request, env: WorkerEnv): Promise<Response> {
  if (await withinRate(env, `stranger ${callerAddress(request.headers)}`))
    return problem('unauthorized', 'The API needs a key: `Authorization: Bearer <key>`.', CHALLENGE);
  return problem('too-many-requests', 'Come back later.', { headers: { 'retry-after': String(RETRY_AFTER_S) } });
}

const CHALLENGE = { headers: { 'www-authenticate': 'Bearer realm="ensemble"' } };
