import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRunId } from '../../../src/program/run-id.ts';
import { openDeployed } from '../../support/deployed-worker.ts';
import { ApiClient } from './api-client.ts';
import { API_KEYS, FILES, KEYS } from './api-project.ts';

const VARS = { ENSEMBLE_API_KEYS: API_KEYS, TOKEN: 'a-secret-token', HOOK_SECRET: 'hook-0123456789' };
const HOUR_MS = 3_600_000;

test('ids that somebody made up bring no object into being, and runs are found again after a restart', async () => {
  const persist = mkdtempSync(join(tmpdir(), 'ensemble-api-'));
  const listObjects = () =>
    readdirSync(persist, { recursive: true, encoding: 'utf8' }).filter((name) => /RunObject.*[0-9a-f]{64}\.sqlite$/.test(name));
  try {
    let run: string;
    {
      await using worker = await openDeployed({ files: FILES, vars: VARS, persist });
      const api = await ApiClient.open(worker);
      run = (await api.run('hello', { name: 'Eva' })).run;
      const before = listObjects();
      expect(before.length).toBe(1);
      const madeUp = createRunId(Date.now() - HOUR_MS);
      for (const path of ['', '/events', '/program']) expect((await api.ask('GET', `/runs/${madeUp}${path}`)).status).toBe(404);
      for (const wish of ['pause', 'cancel', 'signals/x']) expect((await api.ask('POST', `/runs/${madeUp}/${wish}`)).status).toBe(404);
      expect(listObjects()).toEqual(before);
    }
    await using worker = await openDeployed({ files: FILES, vars: VARS, persist });
    const api = await ApiClient.open(worker);
    expect(await api.get(`/runs/${run}`)).toMatchObject({ status: 'succeeded', output: 'hello Eva' });
    const again = await api.ask('GET', `/runs/${run}/events`, { headers: { 'last-event-id': '0' } });
    expect(await again.text()).toContain('event: run.finished');
  } finally {
    rmSync(persist, { recursive: true, force: true });
  }
});

test('a key that asks too often is told to wait, and another one is not; without what it needs a Worker says so', async () => {
  await using worker = await openDeployed({
    files: FILES,
    vars: VARS,
    options: {
      ratelimits: { ENSEMBLE_RATE_LIMIT: { namespace_id: '1', simple: { limit: 5, period: 60 } } },
      durableObjects: { ENSEMBLE_RUNS: { className: 'RunObject', useSQLite: true } },
    },
  });
  const ask = (key: string, path: string, init: RequestInit = {}) =>
    worker.fetch(`/api/v1${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } });
  const statuses: number[] = [];
  for (let count = 0; count < 6; count += 1) statuses.push((await ask(KEYS['only-read'], '/runs')).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
  const limited = await ask(KEYS['only-read'], '/runs');
  expect([limited.headers.get('retry-after'), await limited.json()]).toMatchObject(['60', { code: 'too-many-requests' }]);
  const started = await ask(KEYS.admin, '/ensembles/hello/runs?wait=30s', { method: 'POST' });
  expect(started.status).toBe(201);
  const withKey = await ask(KEYS.admin, '/ensembles/hello/runs', { method: 'POST', headers: { 'idempotency-key': 'a' } });
  expect([withKey.status, await withKey.json()]).toMatchObject([503, { code: 'unavailable' }]);
});
