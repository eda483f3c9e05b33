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

/** Code agents of a deployed Worker, end to end: with its engine, its storage and its libraries in the same isolate. */
export function deployedCodeSuite(open: typeof openDeployed): void {
  describe('the code agents of a deployed Worker', () => {
    let worker: DeployedWorker;
    const reached: string[] = [];
    beforeAll(async () => {
      worker = await open({
        files: FILES,
        vars: keysFor(),
        outbound: async (request) => {
          reached.push(request.url);
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
