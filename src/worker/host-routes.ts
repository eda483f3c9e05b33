import { type AnswerRequest, HOST_ROUTES, HOST_TOKEN_HEADER, WORKER_BINDINGS } from '../program/host-protocol.ts';
import type { RunObject } from './run-object.ts';
import type { WorkerEnv } from './worker-env.ts';

/**
 * The routes by which a local host talks to this Worker (HOST_ROUTES). Undefined for every other request, and for these too unless the request carries the host's
 * token: a deployed Worker has none, so there they do not exist.
 */
export async function answerHost(request: Request, env: WorkerEnv): Promise<Response | undefined> {
  const url = new URL(request.url);
  const route = `${request.method} ${url.pathname}`;
  const answer = Object.hasOwn(ROUTES, route) ? ROUTES[route] : undefined;
  if (answer === undefined || !isHost(request, env)) return undefined;
  return answer(request, url, env);
}

type Answer = (request: Request, url: URL, env: WorkerEnv) => Promise<Response>;

const ROUTES: Readonly<Record<string, Answer>> = {
  [`POST ${HOST_ROUTES.run}`]: async (request, url, env) => {
    const text = await request.text();
    const { request: asked } = JSON.parse(text) as { readonly request: { readonly run: string } };
    return openRun(env, asked.run).fetch(url, { method: 'POST', body: text });
  },
  [`POST ${HOST_ROUTES.cancel}`]: async (request, _url, env) => {
    const { run, reason } = (await request.json()) as { readonly run: string; readonly reason: string };
    return new Response(null, { status: (await openRun(env, run).cancel(reason)) ? 204 : 404 });
  },
  [`POST ${HOST_ROUTES.answer}`]: async (request, _url, env) => {
    const { run, agent, answer } = (await request.json()) as AnswerRequest;
    return Response.json(await openRun(env, run).answer(agent, answer));
  },
  [`GET ${HOST_ROUTES.events}`]: async (_request, url, env) => openRun(env, url.searchParams.get('run') ?? '').fetch(url),
  [`GET ${HOST_ROUTES.program}`]: async (_request, url, env) => openRun(env, url.searchParams.get('run') ?? '').fetch(url),
};

function openRun(env: WorkerEnv, run: string): DurableObjectStub<RunObject> {
  return env[WORKER_BINDINGS.runs].getByName(run);
}

function isHost(request: Request, env: WorkerEnv): boolean {
  const token = env[WORKER_BINDINGS.hostToken];
  const given = request.headers.get(HOST_TOKEN_HEADER);
  if (token === undefined || token === '' || given === null) return false;
  const [expected, actual] = [token, given].map((text) => new TextEncoder().encode(text));
  return (
    expected !== undefined && actual !== undefined && expected.length === actual.length && crypto.subtle.timingSafeEqual(expected, actual)
  );
}
