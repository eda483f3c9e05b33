import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDeployed } from '../../support/deployed-worker.ts';
import { deployedCodeSuite, KEY, keysFor } from './deployed-code-suite.ts';

describe.each<[string, Readonly<Record<string, string>>, object, boolean?]>([
  ['modules of the Worker', {}, {}],
  // Node's modules change the language's own objects when they are first loaded.
  ['modules of a Worker with Node.js compatibility', {}, { compatibilityFlags: ['nodejs_als', 'nodejs_compat'] }],
  ['isolates of a Worker Loader', { 'wrangler.toml': '[[worker_loaders]]\nbinding = "ENSEMBLE_LOADER"\n' }, {}, true],
])('%s', (_, more, options, isolated) => {
  deployedCodeSuite(({ files, ...rest }) => openDeployed({ ...rest, files: { ...files, ...more }, options }), isolated);
});

describe('a run that goes on after a deployment', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ensemble-deployed-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const WAITS = (body: string) =>
    `ensemble: waits\nagents:\n  - { name: go, operation: wait, config: { for_signal: go } }\n  - { name: after, operation: code, config: { code: "${body}" } }\n`;

  test('fails with a code of its own where its code is not there any more', async () => {
    const open = (body: string) =>
      openDeployed({ files: { 'ensembles/waits.yaml': WAITS(body) }, vars: keysFor(), persist: folder, options: { workerLoaders: {} } });
    const ask = async (worker: Awaited<ReturnType<typeof open>>, path: string, init: RequestInit = {}) =>
      (await (
        await worker.fetch(`/api/v1${path}`, { ...init, headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' } })
      ).json()) as {
        readonly run: string;
        readonly status: string;
        readonly output?: unknown;
        readonly failure?: { readonly code: string; readonly message: string };
      };
    const runs: string[] = [];
    {
      await using worker = await open('return 1');
      for (const _ of [1, 2]) runs.push((await ask(worker, '/ensembles/waits/runs', { method: 'POST', body: '{}' })).run);
      await ask(worker, `/runs/${runs[0]}/signals/go`, { method: 'POST', body: '1' });
      expect(await ask(worker, `/runs/${runs[0]}?wait=10s`)).toMatchObject({ status: 'succeeded', output: 1 });
    }
    await using worker = await open('return 2');
    await ask(worker, `/runs/${runs[1]}/signals/go`, { method: 'POST', body: '1' });
    const ended = await ask(worker, `/runs/${runs[1]}?wait=10s`);
    expect(ended).toMatchObject({ status: 'failed', failure: { code: 'CODE_GONE' } });
    expect(ended.failure?.message).toContain('Start the ensemble again');
  });
});
