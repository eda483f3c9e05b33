import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Miniflare } from 'miniflare';
import { HOST_TOKEN_HEADER } from '../../program/host-protocol.ts';
import { ConnectionLost } from '../host-error.ts';
import { ProjectProblem } from '../project-problem.ts';
import { forwardedHeaders, isAllowedHost, isForeignPage, returnedHeaders } from './front-headers.ts';

export interface FrontServerOptions {
  readonly host: string;
  /** 0 = any that is free. */
  readonly port: number;
  /** Absent while nothing is served: the answer is 503 then. */
  runtime(): FrontRuntime | undefined;
  /** Whose pages the trigger is for that answers there (`*` = all). */
  originsAt(path: string, method: string): readonly string[];
  onAnswer(answer: FrontAnswer): void;
  /** What the Worker threw, for the person at the terminal alone. */
  onError(error: Error): void;
}

/** Of `ProjectRuntime`. */
export interface FrontRuntime {
  withMiniflare<Result>(act: (miniflare: Miniflare) => Promise<Result>): Promise<Result>;
  readonly pid: number | undefined;
  readonly token: string;
}

export interface FrontAnswer {
  readonly method: string;
  /** Without its query, which may hold secrets. */
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
}

export interface FrontServer {
  /** Without a slash at its end. */
  readonly url: string;
  /** Cuts every connection. */
  close(): void;
}

/** Cloudflare's own limit for most plans. */
const MAX_BODY_BYTES = 100 * 1024 * 1024;
/** Of the emulator, and of the host: they are nobody's from outside, as in a deployed Worker. */
const RESERVED = /^\/(?:cdn-cgi|__ensemble)(?:\/|$)/i;
/** `fetch` takes none of them. */
const REFUSED_METHODS: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK']);

/**
 * Takes requests on a port and hands them to the Worker, also over a restart of it: requests that come meanwhile wait.
 * @throws ProjectProblem when the port cannot be had.
 */
export async function openFrontServer(options: FrontServerOptions): Promise<FrontServer> {
  const server = createServer((request, response) => void answer(request, response, options));
  // Runs that are followed may say nothing for long.
  server.requestTimeout = 0;
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host === '0.0.0.0' || options.host === '::' ? 'localhost' : options.host;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listen(server: Server, { host, port }: FrontServerOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new ProjectProblem(whyNot(error, host, port), { cause: error })));
    server.listen(port, host, resolve);
  });
}

function whyNot(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code === 'EADDRINUSE') return `port ${port} is taken by another program: give another one with --port (0 = any that is free)`;
  if (error.code === 'EACCES') return `port ${port} is not for this user to open: give one above 1023 with --port`;
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return `${host} is no address of this machine: give another one with --host`;
  return `nothing can be served on ${host}, port ${port}: ${error.message}`;
}

async function answer(request: IncomingMessage, response: ServerResponse, options: FrontServerOptions): Promise<void> {
  const { method = 'GET' } = request;
  const [path = '/'] = (request.url ?? '/').split('?', 1);
  const startedAt = performance.now();
  response.once('close', () => {
    options.onAnswer({ method, path, status: response.statusCode, durationMs: performance.now() - startedAt });
  });
  const address = addressOf(request);
  const refused = refusal(request, address, options);
  if (refused !== undefined || address === undefined) return sendProblem(response, refused?.status ?? 400, refused?.detail ?? '');
  const runtime = options.runtime();
  if (runtime === undefined)
    return sendProblem(response, 503, 'Nothing is served yet: ensemble dev is starting, or the project has mistakes.');
  const { pid } = runtime;
  try {
    const body = await readBody(request);
    if (body === undefined) return sendProblem(response, 413, 'The body is larger than 100 MB.');
    await forward(request, response, { address, body }, runtime);
  } catch (error) {
    if (response.headersSent || response.destroyed) {
      response.destroy();
    } else if (error instanceof ConnectionLost || runtime.pid !== pid || isBrokenConnection(error)) {
      response.setHeader('retry-after', '1');
      sendProblem(response, 503, 'The Worker was replaced before it answered. Runs that it began go on.');
    } else {
      options.onError(error instanceof Error ? error : new Error(String(error)));
      sendProblem(response, 500, 'The Worker failed; ensemble dev shows why.');
    }
  }
}

/** With its path in order (`/a/../b` is `/b`), as the Worker sees it; undefined when there is no such address. */
function addressOf({ headers, url = '/' }: IncomingMessage): URL | undefined {
  return url.startsWith('/') ? (URL.parse(`http://${headers.host ?? 'localhost'}${url}`) ?? undefined) : undefined;
}

function refusal(request: IncomingMessage, address: URL | undefined, { host, originsAt }: FrontServerOptions) {
  if (!isAllowedHost(request.headers.host, host)) return { status: 421, detail: 'This address serves no such host.' };
  if (address === undefined) return { status: 400, detail: 'That is no address.' };
  if (RESERVED.test(address.pathname)) return { status: 404, detail: 'There is nothing here.' };
  if (isForeignPage(request, host, originsAt(address.pathname, wantedMethod(request)))) return { status: 403, detail: FOREIGN };
  if (REFUSED_METHODS.has(request.method ?? '')) return { status: 501, detail: `${request.method} is not answered.` };
  return undefined;
}

/** A browser's question whether it may send a request is about that one's trigger. */
function wantedMethod({ method = 'GET', headers }: IncomingMessage): string {
  return (method === 'OPTIONS' ? headers['access-control-request-method'] : undefined) ?? method;
}

const FOREIGN = 'Pages of other sites may not ask ensemble dev, unless `cors` of the trigger names their origin.';

async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  { address, body }: { readonly address: URL; readonly body: Buffer },
  runtime: FrontRuntime,
): Promise<void> {
  const { method = 'GET' } = request;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const answered = await runtime.withMiniflare((miniflare) =>
    miniflare.dispatchFetch(address.href, {
      method,
      headers: [...forwardedHeaders(request), [HOST_TOKEN_HEADER, runtime.token]],
      redirect: 'manual',
      signal: gone.signal,
      ...(body.length === 0 || method === 'GET' || method === 'HEAD' ? {} : { body }),
    }),
  );
  response.writeHead(answered.status, returnedHeaders(answered.headers));
  // A stream of events may have nothing to say for long.
  response.flushHeaders();
  if (answered.body === null) response.end();
  else await pipeline(Readable.fromWeb(answered.body as Parameters<typeof Readable.fromWeb>[0]), response);
}

/** Undefined when it is too long. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** What `fetch` throws when workerd goes away in the middle of an answer. */
function isBrokenConnection(error: unknown): boolean {
  return error instanceof TypeError && /^(?:fetch failed|terminated)$/.test(error.message);
}

function sendProblem(response: ServerResponse, status: number, detail: string): void {
  if (response.headersSent || response.destroyed) return;
  response.statusCode = status;
  response.setHeader('content-type', 'application/problem+json');
  response.end(JSON.stringify({ type: 'about:blank', status, detail }));
}
