import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { wrapLoopback } from '../../src/node/private-loopback.ts';
import { portsOf, workerdPid } from '../support/tcp-ports.ts';
import { openTestProject, type TestProject } from '../support/test-project.ts';

let project: TestProject;
beforeAll(async () => {
  project = await openTestProject({ outbound: (request) => new Response(`answer of ${request.url}`) });
});
afterAll(async () => {
  await project?.[Symbol.asyncDispose]();
});

const FETCHES = `ensemble: fetches
agents: [{ name: get, operation: http, config: { url: "http://api.example/x" } }]
`;

test("a request that the worker sends reaches the emulator's own server, which has no port on this machine", async () => {
  const { finished } = await project.runText('ensembles/fetches.yaml', FETCHES);
  expect(finished.output).toBe('answer of http://api.example/x');
});

test.runIf(process.platform === 'linux')(
  'a host listens on no TCP port, and its workerd on one that answers nobody without a token',
  async () => {
    expect(portsOf(process.pid)).toEqual([]);
    const ports = portsOf(workerdPid(project.root));
    expect(ports).toHaveLength(1);
    const origin = `http://127.0.0.1:${ports[0]}`;
    for (const path of [
      '/',
      '/__ensemble/ping',
      '/__ensemble/call/runs',
      '/cdn-cgi/handler/scheduled',
      '/cdn-cgi/explorer',
      '/core/store-temp-file',
    ]) {
      expect(`${path} ${(await fetch(origin + path, { method: 'POST', body: '{}' })).status}`).toBe(`${path} 404`);
    }
    const guessed = { 'mf-op': 'GET', 'mf-op-target': '1', 'mf-op-key': 'KV', 'mf-op-secret': '0'.repeat(32) };
    for (const headers of [{}, guessed, { ...guessed, 'mf-op-secret': '' }])
      expect((await fetch(`${origin}/cdn-cgi/platform-proxy`, { headers })).status).toBeGreaterThanOrEqual(400);
    expect((await fetch(`${origin}/`, { headers: { 'mf-proxy-shared-secret': 'x' } })).status).toBe(400);
  },
);

describe('wrapLoopback where no Unix socket can be had', () => {
  const { platform } = process;
  const http = process.getBuiltinModule('node:http');
  const handlers = { '#handleLoopback': (_request: IncomingMessage, response: ServerResponse) => response.end('answered') };
  afterEach(() => Object.defineProperty(process, 'platform', { value: platform }));

  test('answers what names the port as its address with 403, as browsers do, and workerd', async () => {
    Object.defineProperty(process, 'platform', { value: 'win32' });
    const restore = wrapLoopback();
    const server = http.createServer(handlers['#handleLoopback']);
    restore();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const ask = (host: string) =>
      new Promise((resolve) =>
        http.get({ port, host: '127.0.0.1', headers: { host } }, (response) => resolve(response.resume().statusCode)),
      );
    expect(await Promise.all(['localhost', 'api.example', `127.0.0.1:${port}`, `evil.example:${port}`].map(ask))).toEqual([
      200, 200, 403, 403,
    ]);
    server.close();
  });
});
