import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';

/** Of one connection (RFC 9110, section 7.6.1), and what we set ourselves. */
const DROPPED: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** What only the platform, the emulator or a host may say. */
const RESERVED = /^(?:cf|mf|x-ensemble)-/;
const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * The headers of a request as the Worker gets them: as behind Cloudflare, with the caller's address. Nothing is asked to be compressed, since the emulator holds back the pieces of
 * what it compresses.
 */
export function forwardedHeaders(request: IncomingMessage): [string, string][] {
  const headers: [string, string][] = [
    ['accept-encoding', 'identity'],
    ['cf-connecting-ip', request.socket.remoteAddress ?? '127.0.0.1'],
  ];
  const { rawHeaders } = request;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = [rawHeaders[index]?.toLowerCase(), rawHeaders[index + 1]];
    if (!DROPPED.has(name) && !RESERVED.test(name)) headers.push([name, value]);
  }
  return headers;
}

/** The headers of an answer as the caller gets them. */
export function returnedHeaders(headers: {
  forEach(take: (value: string, name: string) => void): void;
  getSetCookie(): string[];
}): OutgoingHttpHeaders {
  const returned: OutgoingHttpHeaders = {};
  headers.forEach((value, name) => {
    if (!/^(?:connection|keep-alive|transfer-encoding|set-cookie|mf-.*)$/.test(name)) returned[name] = value;
  });
  const cookies = headers.getSetCookie();
  return cookies.length === 0 ? returned : { ...returned, 'set-cookie': cookies };
}

/**
 * Whether a browser sends this for a page of another site. An address of this machine alone is nobody's from outside, but any page that its user looks at can send to it: it would start runs, with what they
 * have access to. Pages of this machine may, and those that `origins` names (the `cors` of the trigger). So may what the browser calls a page of this very address: it may know the address by the name that a
 * forwarding service (Codespaces, a tunnel) gave it, and keep the origin of a form to itself (`null`) where the page's Referrer-Policy says so.
 */
export function isForeignPage({ headers }: Pick<IncomingMessage, 'headers'>, listening: string, origins: readonly string[]): boolean {
  if (!isOwnMachine(listening) || origins.includes('*')) return false;
  const { origin } = headers;
  if (headers['sec-fetch-site'] === 'same-origin') return false;
  if (origin === undefined) return headers['sec-fetch-site'] === 'cross-site';
  return !origins.includes(origin) && !LOOPBACK.test(URL.parse(origin)?.host ?? '');
}

/** A page of another site can have its own name lead to this machine; on an address that only this machine reaches, no such name is answered. */
export function isAllowedHost(given: string | undefined, listening: string): boolean {
  return !isOwnMachine(listening) || (given !== undefined && LOOPBACK.test(given));
}

function isOwnMachine(listening: string): boolean {
  return LOOPBACK.test(listening) || listening === '::1';
}
