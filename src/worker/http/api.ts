import type { Context } from 'hono';
import { Hono } from 'hono/tiny';
import { API_BASE } from '../../program/reserved-paths.ts';
import { checkSchema } from '../../runtime/schema/check-schema.ts';
import type { Caller } from '../auth/api-keys.ts';
import { RETRY_AFTER_S, withinRate } from '../auth/within-rate.ts';
import type { Deployment } from '../deployment.ts';
import type { WorkerEnv } from '../worker-env.ts';
import { mayAnything } from './may-reach.ts';
import { problem } from './problem.ts';
import { readJsonBody } from './read-json-body.ts';
import { readQuery } from './read-query.ts';
import { refuse } from './refused-request.ts';
import { ROUTES } from './routes/index.ts';
import type { ApiCall, Route } from './routes/route.ts';

/** A request whose caller is known. */
interface Known {
  readonly env: WorkerEnv;
  readonly caller: Caller;
  readonly deployment: Deployment;
}
type ApiContext = Context<{ Bindings: Known }>;

const METHODS = [...new Set(ROUTES.map(({ method }) => method))];

/** The path as it was sent: parts are decoded once, after they were told apart. */
const app = new Hono<{ Bindings: Known }>({ getPath: (request) => new URL(request.url).pathname });
for (const route of ROUTES) app.on(route.method, pathOf(route), (context) => answerRoute(route, context));
app.notFound(answerOther);
// What is thrown becomes an answer in one place: `answerApi`.
app.onError((error) => {
  throw error;
});

/** Answers a request below the API's prefix. Throws RefusedRequest, and whatever is a defect. */
export async function answerKnown(request: Request, known: Known): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (!isDecodable(pathname)) refuse('bad-request', 'The path has a % that encodes nothing.');
  // The router takes a last slash for nothing: each thing has one path.
  if (pathname.endsWith('/')) refuse('not-found', 'The API has no such path.');
  return app.fetch(request, known);
}

function pathOf({ path, parameters }: Route): string {
  return API_BASE + path.replace(/\{(\w+)\}/g, (_, name: string) => (parameters[name]?.spans === true ? `:${name}{.+}` : `:${name}`));
}

/** Who may not ask is told so before anything of the request is read but its path. */
async function answerRoute(route: Route, context: ApiContext): Promise<Response> {
  const { env, caller, deployment } = context.env;
  const request = context.req.raw;
  const path = readPath(route, context.req.param());
  const { scopes, isForAll } = route;
  if (scopes.length > 0 && !scopes.some((scope) => (isForAll ? caller.may(scope) : mayAnything(context.env, scope)))) {
    refuse('forbidden', `The key "${caller.name}" does not have the scope ${scopes.join(' or ')}.`);
  }
  if (!(await withinRate(env, `api:${caller.name}`))) {
    refuse('too-many-requests', 'This key has made too many requests.', { headers: { 'retry-after': String(RETRY_AFTER_S) } });
  }
  const query = readQuery(route.query, new URL(request.url).searchParams);
  const body = await readBodyOf(route, request);
  return route.answer({ request, env, caller, deployment, path, query, body, routes: ROUTES });
}

function readPath({ parameters }: Route, given: Readonly<Record<string, string>>): ApiCall['path'] {
  const values = Object.entries(parameters).map(([name, parameter]) => [name, parameter.read(given[name] ?? '')] as const);
  for (const [name, value] of values) if (value === undefined) refuse('not-found', `There is nothing that has this "${name}".`);
  return Object.fromEntries(values);
}

async function readBodyOf({ body: plan }: Route, request: Request): Promise<ApiCall['body']> {
  if (plan === undefined) return undefined;
  const body = await readJsonBody(request);
  if (body === undefined && plan.required) refuse('bad-request', 'The body is missing: it is JSON.');
  const problems = body === undefined || plan.schema === undefined ? [] : checkSchema(plan.schema, body);
  if (problems.length > 0) {
    const errors = problems.map(({ path, message }) => ({ path, message }));
    refuse('bad-request', 'The body is not what this path takes.', { members: { errors } });
  }
  return body;
}

/** What no route takes: a path that is none, or a method that the path does not answer. */
function answerOther(context: ApiContext): Response {
  const { path, method } = context.req;
  const allowed = METHODS.filter((known) => app.router.match(known, path)[0].length > 0);
  if (allowed.length === 0) return problem('not-found', 'The API has no such path.');
  const allow = [...allowed.flatMap((known) => (known === 'GET' ? ['GET', 'HEAD'] : [known])), 'OPTIONS'].join(', ');
  if (method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow, 'cache-control': 'no-store' } });
  return problem('method-not-allowed', `This path answers ${allow}.`, { headers: { allow } });
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
