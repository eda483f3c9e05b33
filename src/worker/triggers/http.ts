import type { Failure } from '../../program/failure.ts';
import type { JsonObject } from '../../program/json.ts';
import { checkBodyInput } from '../../runtime/engine/check-body-input.ts';
import { FailureError } from '../../runtime/failure.ts';
import type { VerifiedSignature } from '../auth/verify-signature.ts';
import { currentDeployment } from '../deployment.ts';
import { answerJson } from '../http/answer-json.ts';
import { problem } from '../http/problem.ts';
import { readBody } from '../http/read-body.ts';
import { RefusedRequest, refuse } from '../http/refused-request.ts';
import { waitForEnd } from '../run-end.ts';
import { type StartedEnsemble, startEnsemble } from '../start-ensemble.ts';
import { warnOperator } from '../warn-operator.ts';
import type { WorkerEnv } from '../worker-env.ts';
import { answerEnd } from './http/answer-end.ts';
import { checkCaller } from './http/check-caller.ts';
import { answerPreflight, answersPreflight, isPreflight, withCors } from './http/cors.ts';
import { readPreference } from './http/prefer.ts';
import { readPayload } from './http/read-payload.ts';
import { buildRequestInput } from './http/request-input.ts';
import { type MatchedRoute, matchRoutes } from './http/trigger-routes.ts';

/** The largest body that a trigger takes, in bytes. A run is given it twice, as a whole and by its fields, and keeps both. */
export const MAX_PAYLOAD = 2 * 1024 * 1024;

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
  const { run, type } = await start(route, env, given, signature);
  if (type === 'mismatch') refuse('conflict', 'The same signature came before with another address: nothing was started.');
  if (route.trigger.type === 'webhook') return answerStarted(route, run, type);
  const { waitMs, applied } = readPreference(request.headers);
  const end = waitMs === 0 ? undefined : await waitForEnd(env, run, waitMs);
  const response = end === undefined ? answerStarted(route, run, type) : answerEnd(run, end);
  if (applied !== undefined) response.headers.set('preference-applied', applied);
  return response;
}

async function readBounded(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readBody(request, MAX_PAYLOAD);
  return bytes === undefined ? refuse('payload-too-large', `The body is larger than ${MAX_PAYLOAD} bytes.`) : new Uint8Array(bytes);
}

/** An input that the ensemble does not take starts nothing, and takes no key. */
async function start(
  { ensemble, trigger }: MatchedRoute,
  env: WorkerEnv,
  given: { readonly input: JsonObject; readonly trigger: JsonObject },
  signature: VerifiedSignature | undefined,
): Promise<StartedEnsemble> {
  const { default: program } = await ensemble.load();
  const input = check(() => checkBodyInput(program.body, given.input, 'The input'));
  if (signature === undefined) return startEnsemble(env, ensemble, { input, trigger: given.trigger });
  const { replayKey, replayMs } = signature;
  // The address is not signed: the signature of one must not start a run at another.
  const fingerprint = JSON.stringify([given.trigger.method, given.trigger.path, given.trigger.query]);
  const claim = { key: `${trigger.type}:${ensemble.id}:${replayKey}`, fingerprint, ttlMs: replayMs };
  return startEnsemble(env, ensemble, { input, trigger: given.trigger, claim });
}

function check<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    const { code, message }: Failure = error.failure;
    return refuse('invalid-input', message, { members: { failure: { code } } });
  }
}

/** The run goes on by itself; who has a key of the API can follow it there. */
function answerStarted({ ensemble }: MatchedRoute, run: string, type: StartedEnsemble['type']): Response {
  const self = `/api/v1/runs/${run}`;
  return answerJson(
    { run, ensemble: ensemble.id, ...(type === 'repeated' ? { repeated: true } : {}), links: { self, events: `${self}/events` } },
    { status: 202, headers: { location: self } },
  );
}
