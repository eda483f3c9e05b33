import { timingSafeEqual } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { HOST_TOKEN_HEADER } from '../../program/host-protocol.ts';
import type { FireAsk, FireReply } from '../dev/fire-request.ts';
import { ConnectionLost } from '../host-error.ts';
import type { HostNeeds } from '../host-needs.ts';
import type { HostNotice } from '../host-notice.ts';
import { ProjectProblem } from '../project-problem.ts';
import {
  type CompileAnswer,
  type CompileAsk,
  type HostStatus,
  LOSS_HEADER,
  type Loss,
  PROCESS_ROUTES,
  type Prepared,
  type StopAsk,
  type StopReply,
} from './host-requests.ts';
import type { ProjectRuntime } from './project-runtime.ts';

export interface HostServerParts {
  readonly runtime: ProjectRuntime;
  readonly socket: string;
  readonly token: string;
  /** While it is true nothing new is begun: whoever asks goes to the next host. */
  isLeaving(): boolean;
  status(): Promise<HostStatus>;
  stop(ask: StopAsk): Promise<StopReply>;
  /** Of `ensemble dev`. */
  fire?(ask: FireAsk): Promise<FireReply>;
  log(line: string): void;
}

export interface HostServer {
  /** Connections that are open. */
  readonly clients: number;
  /** Connections that there have been. */
  readonly visits: number;
  /** Cuts every connection. */
  close(): void;
}

/** Takes requests on the socket, which only this user may open, and hands those for the worker on. */
export async function openHostServer(parts: HostServerParts): Promise<HostServer> {
  const sockets = new Set<Socket>();
  let visits = 0;
  const server = createServer((request, response) => {
    answer(request, response, parts).catch((error: unknown) => fail(response, error, parts));
  });
  // Requests last as long as the runs that they follow, and a quiet connection is a client.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;
  server.on('connection', (socket: Socket) => {
    visits++;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await listen(server, parts.socket);
  return {
    get clients() {
      return sockets.size;
    },
    get visits() {
      return visits;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
  if (process.platform !== 'win32') chmodSync(path, 0o600);
}

async function answer(request: IncomingMessage, response: ServerResponse, parts: HostServerParts): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  if (!isAllowed(request, parts.token)) return send(response, 403, 'The token is missing or wrong.\n');
  const route = `${method} ${url}`;
  if (route === `POST ${PROCESS_ROUTES.stop}`) return sendJson(response, await parts.stop(JSON.parse(await text(request)) as StopAsk));
  if (route === `GET ${PROCESS_ROUTES.status}`) return sendJson(response, await parts.status());
  if (parts.isLeaving()) return sendLoss(response, 'leaving', 'the host is about to end');
  if (route === `POST ${PROCESS_ROUTES.compile}`) return sendJson(response, await compile(await text(request)));
  if (route === `POST ${PROCESS_ROUTES.fire}` && parts.fire !== undefined) {
    return sendJson(response, await parts.fire(JSON.parse(await text(request)) as FireAsk));
  }
  if (route === `POST ${PROCESS_ROUTES.prepare}`) return sendJson(response, await prepare(await text(request), parts.runtime));
  await pass(method, url, request, response, parts);
}

async function compile(ask: string): Promise<CompileAnswer> {
  // The compiler is loaded when it is first needed.
  const { answerCompile } = await import('./compile-answer.ts');
  return answerCompile(JSON.parse(ask) as CompileAsk);
}

async function prepare(needs: string, runtime: ProjectRuntime): Promise<Prepared> {
  const notices: HostNotice[] = [];
  try {
    await runtime.prepare(JSON.parse(needs) as HostNeeds, (notice) => notices.push(notice));
    return { type: 'ready', notices };
  } catch (error) {
    if (error instanceof ProjectProblem) return { type: 'problem', notices, message: error.message };
    throw error;
  }
}

/** Hands a request to the worker, and its answer back piece by piece. */
async function pass(
  method: string,
  url: string,
  request: IncomingMessage,
  response: ServerResponse,
  parts: HostServerParts,
): Promise<void> {
  const body = method === 'POST' ? await text(request) : undefined;
  const { status, headers, body: stream } = await parts.runtime.ask(method, url, body);
  response.writeHead(status, { 'content-type': headers.get('content-type') ?? 'text/plain' });
  // A stream of events may have nothing to say for long.
  response.flushHeaders();
  const reader = stream?.getReader();
  response.once('close', () => void reader?.cancel().catch(() => {}));
  for (;;) {
    const piece = await reader?.read();
    if (piece === undefined || piece.done || response.destroyed) break;
    if (!response.write(piece.value)) await drained(response);
  }
  response.end();
}

/** Resolves when more can be written, or never will be. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}

function fail(response: ServerResponse, error: unknown, parts: HostServerParts): void {
  // In the middle of an answer the only sign left is to break it off: the client asks again behind what it has.
  if (response.headersSent) {
    response.destroy();
  } else if (error instanceof ConnectionLost) {
    sendLoss(response, error.sent ? 'lost' : 'unsent', error.message);
  } else {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    parts.log(message);
    send(response, 500, message);
  }
}

function sendLoss(response: ServerResponse, loss: Loss, message: string): void {
  response.setHeader(LOSS_HEADER, loss);
  send(response, 503, message);
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json');
  send(response, 200, JSON.stringify(value));
}

function send(response: ServerResponse, status: number, body: string): void {
  response.statusCode = status;
  response.end(body);
}

function isAllowed(request: IncomingMessage, token: string): boolean {
  const given = request.headers[HOST_TOKEN_HEADER];
  if (typeof given !== 'string') return false;
  const [actual, expected] = [Buffer.from(given), Buffer.from(token)];
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
