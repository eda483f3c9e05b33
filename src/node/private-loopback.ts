import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { privateSocketFolder } from './host-process/socket-path.ts';
import { processIdentity } from './lock/process-identity.ts';

type CreateServer = (...given: readonly unknown[]) => Server;

/** The handler's name in Miniflare 4.20260730, which creates its server through the module object, as it spawns workerd. */
const LOOPBACK_HANDLER = '#handleLoopback';
const FIRST_STAND_IN_PORT = 100_000;
const OWN_NAME = /^loopback-(\d+)-/;

/** Sockets by the numbers that stand for them, none of them a port. */
const sockets = new Map<number, string>();

/**
 * Miniflare answers workerd's questions on a TCP port of this machine, and whoever else asks: another user, or a web page in a browser, could have it write any file that this user may write
 * (measured on 4.20260730: `/core/store-temp-file?extension=x/../…`). From this call on it listens on a Unix socket in a folder that only this user may enter. Where there is none (Windows) it
 * stays on its port, and answers no request that names the port as its address, as those of browsers do.
 * @returns a function that undoes it for servers that are created later.
 */
export function wrapLoopback(): () => void {
  const module = process.getBuiltinModule('node:http') as unknown as { createServer: CreateServer };
  const original = module.createServer;
  module.createServer = (...given) => {
    const handler = given.at(-1);
    if (typeof handler !== 'function' || handler.name !== LOOPBACK_HANDLER) return original(...given);
    const folder = process.platform === 'win32' ? undefined : privateSocketFolder();
    return folder === undefined ? refusingBrowsers(original, handler as RequestListener) : onSocket(original(...given), folder);
  };
  return () => {
    module.createServer = original;
  };
}

/** The arguments of workerd with the socket in place of the number that stands for it. */
export function withLoopbackSocket(args: readonly string[]): readonly string[] {
  return args.map((arg) => {
    const path = sockets.get(Number(/^--external-addr=loopback=[^=]*:(\d+)$/.exec(arg)?.[1]));
    return path === undefined ? arg : `--external-addr=loopback=unix:${path}`;
  });
}

function onSocket(server: Server, folder: string): Server {
  removeLeftOvers(folder);
  const path = join(folder, `loopback-${process.pid}-${randomBytes(4).toString('hex')}.sock`);
  const standIn = FIRST_STAND_IN_PORT + sockets.size;
  sockets.set(standIn, path);
  const listen = server.listen.bind(server);
  server.listen = ((_port: number, _host: string, onListening: () => void) => listen(path, onListening)) as Server['listen'];
  server.address = () => ({ address: '127.0.0.1', family: 'IPv4', port: standIn });
  return server;
}

/** Of processes that were killed. */
function removeLeftOvers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = OWN_NAME.exec(name)?.[1];
    if (pid !== undefined && processIdentity(Number(pid)) === undefined) rmSync(join(folder, name), { force: true });
  }
}

function refusingBrowsers(create: CreateServer, handler: RequestListener): Server {
  return create((request: IncomingMessage, response: ServerResponse) => {
    if (request.headers.host?.endsWith(`:${request.socket.localPort}`) !== true) return handler(request as never, response as never);
    response.writeHead(403).end();
  });
}
