import { afterAll, beforeAll, expect, test } from 'vitest';
import { WORKER_BINDINGS } from '../../src/program/host-protocol.ts';
import type { DeployedWorker, openDeployed } from '../support/deployed-worker.ts';

/** Asks what its caller says, in every way in which an ensemble can. */
const ASK = `
ensemble: ask
agents:
  - { name: page, operation: http, config: { url: '\${input.query.url}' } }
  - { name: failed, operation: log, config: { message: '\${page.failure.message}' } }
output: { code: '\${page.failure.code}', body: '\${page.output}' }
trigger:
  - { type: http, path: /ask, methods: [GET], public: true }
`;
const THINK = `
ensemble: think
agents:
  - name: answer
    operation: think
    config: { provider: openai-compatible, model: m, prompt: hello, baseURL: '\${input.query.url}' }
output: \${answer.failure.code}
trigger:
  - { type: http, path: /think, methods: [GET], public: true }
`;
const LISTED = `
ensemble: listed
agents:
  - { name: page, operation: http, config: { url: '\${input.query.url}', allow_hosts: ['*.example.com'] } }
output: { code: '\${page.failure.code}', body: '\${page.output}' }
trigger:
  - { type: http, path: /listed, methods: [GET], public: true }
`;

/** Input never leads a deployed Worker to private addresses, whoever made the Worker. */
export function networkGuardSuite(open: typeof openDeployed): void {
  let worker: DeployedWorker;
  let asked: string[] = [];
  beforeAll(async () => {
    worker = await open({
      files: { 'ensembles/ask.yaml': ASK, 'ensembles/think.yaml': THINK, 'ensembles/listed.yaml': LISTED },
      vars: { [WORKER_BINDINGS.privateHosts]: 'mine.internal' },
      outbound: (request) => {
        asked.push(request.url);
        const target = new URL(request.url).searchParams.get('to');
        return target === null ? Response.json('reached') : new Response(null, { status: 302, headers: { location: target } });
      },
    });
  });
  afterAll(() => worker[Symbol.asyncDispose]());

  const ask = async (path: string, url: string): Promise<unknown> => {
    asked = [];
    return (await worker.fetch(`${path}?url=${encodeURIComponent(url)}`)).json();
  };
  const through = (target: string) => `https://public.example.com/?to=${encodeURIComponent(target)}`;

  test.each([
    'http://127.0.0.1:8787/',
    'http://0x7f.1/',
    'http://169.254.169.254/latest',
    'http://[::ffff:10.0.0.1]/',
    'http://localhost.:80/',
    'http://db.internal/',
  ])('a run is not led to %s, directly or by a redirect', async (url) => {
    expect(await ask('/ask', url)).toEqual({ code: 'ADDRESS_REFUSED' });
    expect(asked).toEqual([]);
    expect(await ask('/ask', through(url))).toEqual({ code: 'ADDRESS_REFUSED' });
    expect(asked).toHaveLength(1);
  });

  test('a run reaches public addresses, and private ones that the operator lists', async () => {
    expect(await ask('/ask', through('https://other.example.net/x'))).toEqual({ body: 'reached' });
    expect(await ask('/ask', through('http://mine.internal/x'))).toEqual({ body: 'reached' });
  });

  test('a model is not asked at a private address', async () => {
    expect(await ask('/think', 'http://10.0.0.1/v1')).toBe('ADDRESS_REFUSED');
    expect(asked).toEqual([]);
  });

  test('with `allow_hosts` the request and every redirect stay among these hosts', async () => {
    expect(await ask('/listed', 'https://api.example.com/')).toEqual({ body: 'reached' });
    for (const url of [
      'https://example.com/',
      'https://api.example.com.evil.example/',
      through('https://evil.example/'),
      'http://mine.internal/',
    ])
      expect(await ask('/listed', url)).toEqual({ code: 'ADDRESS_REFUSED' });
    expect(await ask('/listed', through('https://b.example.com/'))).toEqual({ body: 'reached' });
  });
}
