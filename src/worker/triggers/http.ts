import { currentDeployment } from '../deployment.ts';
import { answerJson } from '../http/answer-json.ts';
import { checkRunInput } from '../http/check-run-input.ts';
import { REPLAYED_HEADER } from '../http/idempotency.ts';
import { linksOfRun } from '../http/links.ts';
import { problem } from '../http/problem.ts';
import { readBody } from '../http/read-body.ts';
import { RefusedRequest, refuse } from '../http/refused-request.ts';
import { waitForEnd } from '../run-end.ts';
import { startEnsemble } from '../start-ensemble.ts';
import { warnOperator } from '../warn-operator.ts';
import type { WorkerEnv } from '../worker-env.ts';
import { answerEnd } from './http/answer-end.ts';
import { checkCaller } from './http/check-caller.ts';
import { readTriggerClaim, refuseMismatch } from './http/claim-request.ts';
import { answerPreflight, answersPreflight, isPreflight, withCors } from './http/cors.ts';
import { readPreference } from './http/prefer.ts';
import { readPayload } from './http/read-payload.ts';
import { buildRequestInput } from './http/request-input.ts';
import { type MatchedRoute, matchRoutes } from './http/trigger-routes.ts';

/** The largest body that a trigger takes, in bytes. A run is given it twice, as a whole and by its fields, and keeps both. */
const MAX_PAYLOAD = 2 * 1024 * 1024;

/** Starts the run of the `http` or `webhook` trigger whose path and method the request has; undefined when no trigger has the path. */
export async function answerTrigger(request: Request, env: WorkerEnv, _context: ExecutionContext): Promise<Response | undefined> {
  const deployment = currentDeployment();
  const routes = deployment === undefined ? [] : matchRoutes(deployment, new URL(request.url).pathname);
  if (routes.length === 0) return undefined;
  const preflighted = isPreflight(request) ? routes.find((route) => answersPreflight(route, request)) : undefined;
  if (preflighted !== undefined) return answerPreflight(preflighted, request);
  const route = routes.find(({ methods }) => methods.includes(request.method));
  if (route === undefined) {
    const allow = [...new Set(routes.flatMap(({ methods }) => methods))].join(', ');
    return problem('method-not-allowed', `This path answers ${allow}.`, { headers: { allow } });
  }
  return withCors(route, request, await answerSafely(route, request, env));
}

async function answerSafely(route: MatchedRoute, request: Request, env: WorkerEnv): Promise<Response> {
  try {
    return await answer(route, request, env);
  } catch (error) {
    if (error instanceof RefusedRequest) return error.toResponse();
    warnOperator(
      `${route.trigger.type} ${route.trigger.path} of ${route.ensemble.file}: ${error instanceof Error ? error.stack : String(error)}`,
    );
    return problem('internal', 'The request could not be served. The log of the Worker says more.');
  }
}

async function answer(route: MatchedRoute, request: Request, env: WorkerEnv): Promise<Response> {
  let bytes: Promise<Uint8Array<ArrayBuffer>> | undefined;
  const readBytes = () => (bytes ??= readBounded(request));
  const signature = await checkCaller(route, request, env, readBytes);
  const given = buildRequestInput(route, request, readPayload(await readBytes(), request.headers));
  // What the ensemble does not take starts nothing, and takes no key.
  checkRunInput(route.ensemble, given.input);
  const claim = await readTriggerClaim(route, request, env, { ...given, signature });
  const { run, type } = await startEnsemble(env, route.ensemble, { ...given, ...(claim === undefined ? {} : { claim }) });
  if (type === 'mismatch') refuseMismatch(signature);
  const response = await answerFor(route, request, env, run);
  if (type === 'repeated') response.headers.set(REPLAYED_HEADER, 'true');
  return response;
}

/** A webhook is told that its run has begun, any other caller what its run ended with, if that is soon enough. */
async function answerFor(route: MatchedRoute, request: Request, env: WorkerEnv, run: string): Promise<Response> {
  if (route.trigger.type === 'webhook') return answerStarted(route, run);
  const { waitMs, applied } = readPreference(request.headers);
  const end = waitMs === 0 ? undefined : await waitForEnd(env, run, waitMs);
  const response = end === undefined ? answerStarted(route, run) : answerEnd(run, end);
  if (applied !== undefined) response.headers.set('preference-applied', applied);
  return response;
}

async function readBounded(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readBody(request, MAX_PAYLOAD);
  return bytes === undefined ? refuse('payload-too-large', `The body is larger than ${MAX_PAYLOAD} bytes.`) : new Uint8Array(bytes);
}

/** The run goes on by itself; who has a key of the API can follow it there. */
function answerStarted({ ensemble }: MatchedRoute, run: string): Response {
  const links = linksOfRun(run);
  return answerJson({ run, ensemble: ensemble.id, links }, { status: 202, headers: { location: links.self } });
}
