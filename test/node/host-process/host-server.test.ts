import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROCESS_ROUTES } from '../../../src/node/host-process/host-requests.ts';
import { type HostServer, openHostServer } from '../../../src/node/host-process/host-server.ts';
import type { ProjectRuntime } from '../../../src/node/host-process/project-runtime.ts';
import { HOST_ROUTES, HOST_TOKEN_HEADER } from '../../../src/program/host-protocol.ts';

const TOKEN = 'a'.repeat(48);
let folder: string;
let socket: string;
let server: HostServer;
/** What was asked of the host and came past its token. */
const asked: string[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ensemble-socket-'));
  socket = join(folder, 'host.sock');
  const before = process.umask(0);
  server = await openHostServer({
    runtime: {
      ask: async (method: string, url: string) => {
        asked.push(`${method} ${url}`);
        return new Response('from the worker');
      },
    } as unknown as ProjectRuntime,
    ...{ socket, token: TOKEN, isLeaving: () => false, log: () => {} },
    status: () => {
      asked.push('status');
      throw new Error('not asked here');
    },
    async stop() {
      asked.push('stop');
      return { type: 'leaving' };
    },
  });
  process.umask(before);
});
afterAll(() => {
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function send(bytes: string): Promise<string> {
  const client = connect(socket);
  client.on('error', () => {});
  client.write(bytes);
  client.setTimeout(20_000, () => client.destroy());
  return text(client).catch(() => '');
}
const ask = (line: string, headers: readonly string[] = [], body = '') =>
  send(`${line} HTTP/1.1\r\n${['host: x', 'connection: close', `content-length: ${body.length}`, ...headers].join('\r\n')}\r\n\r\n${body}`);
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
const withToken = [`${HOST_TOKEN_HEADER}: ${TOKEN}`];

describe("the host's socket", () => {
  test.skipIf(process.platform === 'win32')('is for its owner alone whatever the umask is', () => {
    expect((statSync(socket).mode & 0o777).toString(8)).toBe('600');
  });

  test.runIf(process.getuid?.() === 0 && process.platform === 'linux')('is closed to another user', () => {
    const script = `require('net').connect(${JSON.stringify(socket)}).on('error', (e) => console.log(e.code)).on('connect', () => process.exit(1))`;
    expect(execFileSync(process.execPath, ['-e', script], { uid: 65_534, gid: 65_534, encoding: 'utf8' }).trim()).toBe('EACCES');
  });

  const routes = [...Object.values(PROCESS_ROUTES), ...Object.values(HOST_ROUTES), '/', '/cdn-cgi/platform-proxy'];
  test.each(routes)('answers %s to nobody without the token', async (route) => {
    asked.length = 0;
    const guesses = [
      [],
      [`${HOST_TOKEN_HEADER}:`],
      [`${HOST_TOKEN_HEADER}: ${'a'.repeat(47)}`],
      [`${HOST_TOKEN_HEADER}: ${'a'.repeat(49)}`],
    ];
    const wrong = [
      ...guesses,
      [`${HOST_TOKEN_HEADER}: ${'b'.repeat(48)}`],
      [...withToken, ...withToken],
      [`cookie: ${HOST_TOKEN_HEADER}=${TOKEN}`],
    ];
    for (const headers of wrong)
      for (const method of ['GET', 'POST']) expect(statusOf(await ask(`${method} ${route}`, headers, '{}'))).toBe(403);
    expect(statusOf(await ask(`GET ${route}?${HOST_TOKEN_HEADER}=${TOKEN}`))).toBe(403);
    expect(asked).toEqual([]);
  });

  test('takes its own token', async () => {
    expect(await ask(`GET ${HOST_ROUTES.ping}`, withToken)).toMatch(/^HTTP\/1\.1 200 [\s\S]*from the worker/);
  });

  test.each([
    ['two lengths', `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\ncontent-length: 60\r\n\r\n`],
    ['a length and chunks', `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['a header name that is none', `GET / HTTP/1.1\r\nhost: x\r\nx y: 1\r\n\r\n`],
    ['no HTTP at all', '\0\u0001\u0002{"route":"stop"}\r\n\r\n'],
  ])('breaks off at %s', async (_name, bytes) => {
    asked.length = 0;
    expect(statusOf(await send(bytes))).toBe(400);
    expect(asked).toEqual([]);
  });

  test('takes 16 kB of headers and no more', async () => {
    const filler = (length: number) => [`x-filler: ${'x'.repeat(length)}`];
    expect(statusOf(await ask('GET /', [...withToken, ...filler(15_000)]))).toBe(200);
    expect(statusOf(await ask('GET /', [...withToken, ...filler(17_000)]))).toBe(431);
  });

  test('goes on after a body that is not what the route takes', async () => {
    for (const body of ['', 'null', '{', '[]', '"x"'])
      expect(statusOf(await ask(`POST ${PROCESS_ROUTES.compile}`, withToken, body))).toBe(500);
    expect(statusOf(await ask(`GET ${HOST_ROUTES.ping}`, withToken))).toBe(200);
  });
});
