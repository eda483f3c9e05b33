import { problem } from '../../http/problem.ts';
import type { TriggerRoute } from './trigger-routes.ts';

/** How long a browser may rely on a preflight's answer. */
const MAX_AGE_S = 600;
const EXPOSED = 'location, retry-after, preference-applied';
/** A list of header names as `Access-Control-Request-Headers` has it. */
const HEADER_NAMES = /^[\w!#$%&'*+.^`|~-]+(?: *, *[\w!#$%&'*+.^`|~-]+)*$/;

/** A browser's question whether a page of another origin may send a request. */
export function isPreflight({ method, headers }: Request): boolean {
  return method === 'OPTIONS' && headers.has('origin') && headers.has('access-control-request-method');
}

/** Whether the route has the method that a preflight asks for, and declares `cors`. To all others `OPTIONS` is a method like any other. */
export function answersPreflight(route: TriggerRoute, { headers }: Request): boolean {
  return originsOf(route).length > 0 && route.methods.includes(headers.get('access-control-request-method') ?? '');
}

/** The answer to a preflight. Cookies and other credentials that browsers keep are never allowed: only what the page sends itself. */
export function answerPreflight(route: TriggerRoute, { headers }: Request): Response {
  const origin = allowedOrigin(route, headers);
  if (origin === undefined) return problem('forbidden', 'Pages of this origin may not read the answer.', { headers: { vary: 'Origin' } });
  const asked = headers.get('access-control-request-headers') ?? '';
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-origin': origin,
      'access-control-allow-methods': route.methods.join(', '),
      ...(HEADER_NAMES.test(asked) ? { 'access-control-allow-headers': asked } : {}),
      'access-control-max-age': String(MAX_AGE_S),
      vary: 'Origin, Access-Control-Request-Headers',
    },
  });
}

/** Lets a page of an allowed origin read the answer, problems too. */
export function withCors(route: TriggerRoute, request: Request, response: Response): Response {
  if (originsOf(route).length === 0) return response;
  const shared = new Response(response.body, response);
  shared.headers.append('vary', 'Origin');
  const origin = allowedOrigin(route, request.headers);
  if (origin === undefined) return shared;
  shared.headers.set('access-control-allow-origin', origin);
  shared.headers.set('access-control-expose-headers', EXPOSED);
  return shared;
}

/** Whether a page of a foreign origin, which nothing names (`*` names none), has a browser send this. Of images, links and frames browsers name no origin, only where they stand (`Sec-Fetch-Site`). */
export function isForeign(route: TriggerRoute, { url, headers }: Request): boolean {
  const origin = headers.get('origin');
  if (origin !== null) return origin !== new URL(url).origin && !originsOf(route).includes(origin);
  return !OWN_SITES.has(headers.get('sec-fetch-site'));
}

/** A page of this origin, the person at the browser, and what is no browser. */
const OWN_SITES: ReadonlySet<string | null> = new Set(['same-origin', 'none', null]);

/** What `Access-Control-Allow-Origin` says; undefined for an origin that is not allowed, and for a request that names none. */
function allowedOrigin(route: TriggerRoute, headers: Headers): string | undefined {
  const origin = headers.get('origin');
  const origins = originsOf(route);
  if (origin === null) return undefined;
  if (origins.includes('*')) return '*';
  return origins.includes(origin) ? origin : undefined;
}

function originsOf({ trigger }: TriggerRoute): readonly string[] {
  return trigger.type === 'http' ? trigger.cors : [];
}
