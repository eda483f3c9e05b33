import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeployedWorker, openDeployed } from '../../support/deployed-worker.ts';

export const KEY = 'a-key-of-the-tests-0123456789';
export const keysFor = (): Record<string, string> => ({
  ENSEMBLE_API_KEYS: JSON.stringify([{ name: 'tests', key: KEY, scopes: ['*'] }]),
  OPENAI_API_KEY: 'sk-0123456789',
});

const code = (name: string, body: string, more = '') =>
  `ensemble: ${name}\nagents:\n  - name: work\n    operation: code\n${more}    config:\n      code: |\n        ${body.replaceAll('\n', '\n        ')}\n`;

const FILES = {
  'ensembles/adds.yaml': code('adds', 'return input.a + input.b'),
  'ensembles/throws.yaml': code('throws', 'const nothing = null;\nreturn nothing.at;'),
  'ensembles/never.yaml': code('never', 'await new Promise(() => {})', '    timeout: 300ms\n'),
  'ensembles/closed.yaml': code('closed', 'return (await fetch("https://example.com/")).status'),
  'ensembles/open.yaml': code('open', 'return (await fetch("https://example.com/open")).status').replace(
    '    config:\n',
    '    config:\n      network: true\n',
  ),
  'ensembles/asks.yaml': code('asks', 'return await (await fetch(input.url, { redirect: input.redirect ?? "follow" })).text()').replace(
    '    config:\n',
    '    config:\n      network: true\n',
  ),
  'ensembles/listens.yaml': code(
    'listens',
    'return await new Promise((end) => {\n  const source = input.url.startsWith("ws") ? new WebSocket(input.url) : new EventSource(input.url);\n  source.onopen = () => end("open");\n  source.onerror = () => end("error");\n})',
  ).replace('    config:\n', '    config:\n      network: true\n'),
  'ensembles/detours.yaml': code(
    'detours',
    'const { url } = input;\nlet reads = 0;\nconst classes = {\n  socket: WebSocket.prototype.constructor,\n  instance: new WebSocketPair()[0].constructor,\n  own: class extends WebSocket {},\n  source: EventSource.prototype.constructor,\n  changing: WebSocket,\n};\nconst target = input.by === "changing" ? { toString: () => (reads++ === 0 ? "wss://example.com/" : url) } : url;\nreturn await new Promise((end) => {\n  const opened = new classes[input.by](target);\n  opened.onopen = () => end("open");\n  opened.onerror = () => end("error");\n})',
  ).replace('    config:\n', '    config:\n      network: true\n'),
  'ensembles/secrets.yaml': code('secrets', 'return [typeof process, Object.keys(env)]'),
  'ensembles/script.yaml': 'ensemble: script\nagents:\n  - { name: work, operation: code, config: { script: ../scripts/count.ts } }\n',
  'scripts/count.ts':
    "import { twice } from './twice.ts';\nexport default ({ input }: { input: { n: number } }): number => twice(input.n);\n",
  'scripts/twice.ts': 'export const twice = (n: number): number => n * 2;\n',
  'ensembles/mixed.yaml': `
ensemble: mixed
agents:
  - { name: first, operation: code, config: { code: "return { text: input.text.toUpperCase() }" } }
  - { name: model, operation: think, config: { provider: openai-compatible, baseURL: https://model.test/v1, model: m, prompt: "say \${first.output.text}" } }
  - { name: kept, operation: storage, config: { type: kv, action: put, key: k, value: "\${model.output}" } }
  - { name: rows, operation: data, config: { backend: d1, query: "select ? as one", params: ["\${model.output}"] } }
  - { name: found, operation: storage, config: { type: kv, action: get, key: k } }
  - { name: last, operation: code, config: { code: "return \${found.output.value} + \${rows.output.rows[0].one}" } }
`,
};

/** What the build refuses of modules of the Worker. */
const SOCKET = {
  'ensembles/socket.yaml':
    'ensemble: socket\nagents:\n  - { name: work, operation: code, config: { script: ../scripts/socket.ts, network: true } }\n',
  'scripts/socket.ts':
    "const name = ['cloudflare', 'sockets'].join(':');\nexport default async ({ input }) => {\n  const { connect } = await import(name);\n  await connect(input.address).opened;\n  return 'open';\n};\n",
};

/** Code agents of a deployed Worker, end to end: with its engine, its storage and its libraries in the same isolate. `isolated`: in isolates of their own. */
export function deployedCodeSuite(open: typeof openDeployed, isolated = false): void {
  describe('the code agents of a deployed Worker', () => {
    let worker: DeployedWorker;
    const reached: string[] = [];
    beforeAll(async () => {
      worker = await open({
        files: { ...FILES, ...(isolated ? SOCKET : {}) },
        vars: keysFor(),
        outbound: async (request) => {
          reached.push(request.url);
          const target = new URL(request.url).searchParams.get('to');
          if (target !== null) return new Response(null, { status: 307, headers: { location: target } });
          if (!request.url.startsWith('https://model.test/')) return new Response('outside');
          const message = { role: 'assistant', content: 'hello' };
          return Response.json({
            id: '1',
            object: 'chat.completion',
            created: 1,
            model: 'm',
            choices: [{ index: 0, message, finish_reason: 'stop' }],
          });
        },
      });
    });
    afterAll(() => worker[Symbol.asyncDispose]());

    const run = async (id: string, input: object = {}) => {
      const response = await worker.fetch(`/api/v1/ensembles/${id}/runs?wait=30s`, {
        method: 'POST',
        headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
        body: JSON.stringify(input),
      });
      return (await response.json()) as { readonly status: string; readonly output?: unknown; readonly failure?: object };
    };

    test('run, and scripts with what they import', async () => {
      expect(await run('adds', { a: 1, b: 2 })).toMatchObject({ status: 'succeeded', output: 3 });
      expect(await run('script', { n: 21 })).toMatchObject({ status: 'succeeded', output: 42 });
    });

    test('fail with the line of the ensemble on which they threw', async () => {
      expect(await run('throws')).toMatchObject({ status: 'failed', failure: { code: 'CODE_ERROR', details: { line: 8, body_line: 2 } } });
    });

    test('run beside the model, the storage and the state of the Worker, before and after them', async () => {
      expect(await run('mixed', { text: 'x' })).toMatchObject({ status: 'succeeded', output: 'hellohello' });
      expect(await run('mixed', { text: 'y' })).toMatchObject({ status: 'succeeded', output: 'hellohello' });
    });

    test('reach the network only with `network: true`', async () => {
      reached.length = 0;
      expect(await run('closed')).toMatchObject({
        status: 'failed',
        failure: { code: 'CODE_ERROR', message: expect.stringContaining('network: true') },
      });
      expect(reached).toEqual([]);
      expect(await run('open')).toMatchObject({ status: 'succeeded', output: 200 });
      expect(reached).toEqual(['https://example.com/open']);
    });

    test.each(['http://10.0.0.1/', 'http://0xa9fea9fe/latest/meta-data', 'http://[fd00:ec2::254]/', 'http://db.internal/'])(
      'are not led to %s by what they are given, directly or by a redirect',
      async (url) => {
        reached.length = 0;
        expect(await run('asks', { url })).toMatchObject({
          status: 'failed',
          failure: { message: expect.stringContaining('is not sent') },
        });
        expect(await run('asks', { url: `https://example.com/?to=${encodeURIComponent(url)}` })).toMatchObject({ status: 'failed' });
        expect(reached).toHaveLength(1);
        expect(await run('asks', { url: `https://example.com/?to=${encodeURIComponent('https://other.example/x')}` })).toMatchObject({
          output: 'outside',
        });
      },
    );

    test.each(['http://10.0.0.1/', 'ws://10.0.0.1/', 'WS://0x0a.1/'])('listen to nothing at %s', async (url) => {
      reached.length = 0;
      const ended = await run('listens', { url });
      expect(ended.status === 'failed' || ended.output === 'error').toBe(true);
      expect(reached).toEqual([]);
    });

    test.each(['socket', 'instance', 'own', 'source', 'changing'])('find no way around that by a class: %s', async (by) => {
      reached.length = 0;
      await run('detours', { by, url: by === 'source' ? 'http://10.0.0.1/' : 'ws://10.0.0.1/' });
      expect(reached.filter((url) => !url.includes('example.com'))).toEqual([]);
    });

    test.runIf(isolated)('open no plain sockets', async () => {
      for (const address of ['10.0.0.1:80', '127.0.0.1:80', 'example.com:80'])
        expect(await run('socket', { address })).toMatchObject({
          status: 'failed',
          failure: { message: expect.stringContaining('CONNECT') },
        });
    });

    test('see nothing of the Worker but what they name', async () => {
      expect(await run('secrets')).toMatchObject({
        status: 'succeeded',
        output: ['undefined', expect.not.arrayContaining(['ENSEMBLE_API_KEYS'])],
      });
    });

    test('that wait for what never happens end by their timeout', async () => {
      expect(await run('never')).toMatchObject({ status: 'failed', failure: { code: expect.stringMatching(/TIMEOUT|CODE_ERROR/) } });
    });
  });
}
