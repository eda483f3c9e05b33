import type { HostCallName } from '../program/host-calls.ts';
import { HOST_ROUTES, HOST_TOKEN_HEADER, WORKER_BINDINGS } from '../program/host-protocol.ts';
import { HOST_PATH_PREFIX } from '../program/reserved-paths.ts';
import { CALLS } from './calls/index.ts';
import { openRun } from './open-run.ts';
import type { WorkerEnv } from './worker-env.ts';

/**
 * The routes by which a local host talks to this Worker (HOST_ROUTES). Undefined for every other request, and for these too unless the request carries the host's
 * token: a deployed Worker has none, so there they do not exist.
 */
export async function answerHost(request: Request, env: WorkerEnv): Promise<Response | undefined> {
  const url = new URL(request.url);
  if (!url.pathname.startsWith(HOST_PATH_PREFIX) || !isHost(request, env)) return undefined;
  if (request.method === 'POST' && url.pathname.startsWith(HOST_ROUTES.call)) return answerCall(request, url, env);
  const route = `${request.method} ${url.pathname}`;
  const answer = Object.hasOwn(ROUTES, route) ? ROUTES[route] : undefined;
  return answer?.(request, url, env).catch((error: unknown) => answerDamage(error, url.searchParams.get('run'), env));
}

/** For a database that cannot be read, that of a run or the list of them: 422, with what to do. All other errors are thrown on. */
function answerDamage(error: unknown, run: unknown, env: WorkerEnv): Response {
  if (!(error instanceof Error) || !DAMAGE.test(error.message)) throw error;
  const text =
    typeof run === 'string'
      ? `the record of run ${run} is damaged: ${env[WORKER_BINDINGS.runs].idFromName(run)}.sqlite in the data folder is cut off, was changed by hand, or is no database of runs. Other runs do without it: put it back from a copy, or stop the host ("ensemble host stop") and delete it`
      : 'the list of runs is damaged, and the runs are not: stop the host ("ensemble host stop"), and put its folder (do/…-RunIndex in the data folder) back from a copy or delete it';
  return new Response(text, { status: 422 });
}

/** What SQLite, workerd (which keeps the reason for itself when an object cannot be opened) and `JSON.parse` say of it. */
const DAMAGE = /SQLITE_(?:CORRUPT|NOTADB|ERROR)|internal error; reference|JSON/;

async function answerCall(request: Request, url: URL, env: WorkerEnv): Promise<Response> {
  const name = url.pathname.slice(HOST_ROUTES.call.length);
  if (!Object.hasOwn(CALLS, name)) return new Response(`There is no call ${name}.\n`, { status: 404 });
  // The table's entry for a name takes what that one asks: TypeScript cannot relate the two by itself.
  const call = CALLS[name as HostCallName] as ((ask: unknown, env: WorkerEnv) => Promise<unknown>) | undefined;
  if (call === undefined) return new Response(`This host does not answer ${name}.\n`, { status: 501 });
  const ask: unknown = await request.json();
  try {
    return Response.json(await call(ask, env));
  } catch (error) {
    const { run, from }: { readonly run?: unknown; readonly from?: unknown } = Object(ask);
    return answerDamage(error, name === 'fork' ? from : run, env);
  }
}

type Answer = (request: Request, url: URL, env: WorkerEnv) => Promise<Response>;

const ROUTES: Readonly<Record<string, Answer>> = {
  [`POST ${HOST_ROUTES.run}`]: async (request, url, env) => {
    const text = await request.text();
    const { request: asked } = JSON.parse(text) as { readonly request: { readonly run: string } };
    return openRun(env, asked.run).fetch(url, { method: 'POST', body: text });
  },
  [`GET ${HOST_ROUTES.events}`]: async (_request, url, env) => openRun(env, url.searchParams.get('run') ?? '').fetch(url),
  [`GET ${HOST_ROUTES.ping}`]: async () => new Response(null, { status: 204 }),
  [`GET ${HOST_ROUTES.program}`]: async (_request, url, env) => openRun(env, url.searchParams.get('run') ?? '').fetch(url),
};

function isHost(request: Request, env: WorkerEnv): boolean {
  const token = env[WORKER_BINDINGS.hostToken];
  const given = request.headers.get(HOST_TOKEN_HEADER);
  if (token === undefined || token === '' || given === null) return false;
  const [expected, actual] = [token, given].map((text) => new TextEncoder().encode(text));
  return (
    expected !== undefined && actual !== undefined && expected.length === actual.length && crypto.subtle.timingSafeEqual(expected, actual)
  );
}
