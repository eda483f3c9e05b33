import { failure } from '../failure.ts';
import type { NetworkPolicy } from '../ports.ts';

/** A request that goes out, as often as redirects make it. */
export interface OutgoingRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | undefined;
  /** Without it a redirect is the answer. */
  readonly follow: boolean;
  /** Why it must not go to an address, beside what the host of the run says; undefined where it may. */
  readonly refuse?: ((url: URL) => string | undefined) | undefined;
  /** Whether a text has a secret of the run in it. */
  holdsSecret(text: string): boolean;
}

/** The slice of the engine's ports that sending needs. */
interface Network {
  fetch(request: Request): Promise<Response>;
  readonly network?: NetworkPolicy | undefined;
}

export interface SentRequest {
  readonly response: Response;
  /** Where it came from in the end. */
  readonly url: URL;
}

/** As many as browsers follow (Fetch Standard, HTTP-redirect fetch). */
const MAX_REDIRECTS = 20;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** All that reaches another origin than the one it was meant for: which of the others is a credential only its author knows (`PRIVATE-TOKEN`, `X-Auth-Token` …). */
const SAFE_ELSEWHERE: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'cache-control',
  'content-language',
  'content-type',
  'idempotency-key',
  'prefer',
  'range',
  'user-agent',
]);
const ABOUT_THE_BODY = ['content-type', 'content-length', 'content-encoding', 'content-language', 'content-location'];

/**
 * Sends a request to where it may go, and follows redirects as browsers do, but for what leaves its origin: each address is checked before anything is sent to it; to another origin go the headers that
 * tell nothing (SAFE_ELSEWHERE), and no secret; a body does not go from https to http; what is not repeated becomes a GET. Throws `FailureError` ADDRESS_REFUSED; rejects with what `fetch` does, and with a `TypeError` for too many redirects.
 */
export async function sendRequest(outgoing: OutgoingRequest, ports: Network, signal: AbortSignal): Promise<SentRequest> {
  let { method, body } = outgoing;
  let url = withoutFragment(outgoing.url);
  const headers = new Headers(outgoing.headers);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const why = outgoing.refuse?.(url) ?? ports.network?.refuse(url);
    if (why !== undefined) throw refused(outgoing, url, redirects, why);
    // By hand, for each address has to be looked at before anything is sent there.
    const init = { method, headers, redirect: 'manual', signal, ...(body === undefined ? {} : { body }) } as const;
    const response = await ports.fetch(new Request(url, init));
    const target = outgoing.follow && REDIRECTS.has(response.status) ? response.headers.get('location') : null;
    if (target === null) return { response, url };
    await response.body?.cancel().catch(() => undefined);
    if (response.status === 303 ? method !== 'HEAD' : response.status < 303 && method === 'POST') {
      method = 'GET';
      body = undefined;
      for (const name of ABOUT_THE_BODY) headers.delete(name);
    }
    const next = URL.parse(target, url.href);
    const leaves = next?.origin !== url.origin;
    const problem =
      next === null ? 'that is no address' : (findProblem(next) ?? (leaves ? findLeak(outgoing, url, next, body) : undefined));
    if (next === null || problem !== undefined) throw refused(outgoing, next ?? url, redirects + 1, problem ?? '');
    if (leaves) keepSafe(headers, outgoing);
    url = withoutFragment(next);
  }
  throw new TypeError('Too many redirects');
}

/** A fragment is never sent. */
function withoutFragment(url: URL): URL {
  const sent = new URL(url);
  sent.hash = '';
  return sent;
}

/** What no redirect may lead to, whoever sends. */
function findProblem({ protocol, username, password }: URL): string | undefined {
  if (protocol !== 'http:' && protocol !== 'https:') return `its scheme is ${protocol.slice(0, -1)}`;
  return username === '' && password === '' ? undefined : 'it has a user or a password';
}

/** Why a body must not follow a redirect to another origin. */
function findLeak({ holdsSecret }: OutgoingRequest, from: URL, to: URL, body: string | undefined): string | undefined {
  if (body === undefined) return undefined;
  if (from.protocol === 'https:' && to.protocol === 'http:') return 'its body would go on without encryption';
  return holdsSecret(body) ? 'its body has a secret, which is for the first address alone' : undefined;
}

function keepSafe(headers: Headers, { holdsSecret }: OutgoingRequest): void {
  for (const [name, value] of [...headers]) if (!SAFE_ELSEWHERE.has(name) || holdsSecret(value)) headers.delete(name);
}

function refused({ method, url }: OutgoingRequest, target: URL, redirects: number, why: string): Error {
  const what = `${method} ${showUrl(url)}`;
  const message =
    redirects === 0 ? `${what} is not sent: ${why}` : `${what} is redirected to ${showUrl(target)}, which is not followed: ${why}`;
  return failure('ADDRESS_REFUSED', message);
}

/** How a URL is shown in messages: without user, password and query, where secrets travel. */
export function showUrl(url: URL): string {
  return `${url.origin}${url.pathname}${url.search === '' ? '' : '?…'}`;
}
