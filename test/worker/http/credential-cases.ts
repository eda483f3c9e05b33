import { describe, expect, test } from 'vitest';
import { KEYS, type KeyName } from './api-project.ts';
import type { ApiUnderTest } from './http-suite.ts';

const SOME_RUN = '0'.repeat(26);
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

interface Operation {
  readonly method: string;
  /** With something in place of each parameter. */
  readonly path: string;
  readonly scopes: readonly string[];
}

export function credentialCases(use: () => ApiUnderTest): void {
  const operations = (): readonly Operation[] =>
    Object.entries(use().api.document.paths).flatMap(([template, methods]) =>
      Object.entries(methods).map(([method, { security }]) => ({
        method: method.toUpperCase(),
        path: template
          .replace('/api/v1', '')
          .replace('{run}', SOME_RUN)
          .replace('{backend}', 'kv')
          .replace(/\{\w+\}/g, 'hello'),
        scopes: security.flatMap(({ key }) => key),
      })),
    );

  describe('credentials', () => {
    test('each route is for who has a key, and says no more to others', async () => {
      const { api, worker } = use();
      expect(operations().length).toBeGreaterThan(18);
      for (const { method, path } of operations()) {
        const response = await api.ask(method, path, { key: null });
        expect([method, path, response.status]).toEqual([method, path, 401]);
        expect(response.headers.get('www-authenticate')).toMatch(/^Bearer /);
        for (const authorization of ['Bearer wrong-0123456789abcdef', 'Bearer', `Basic ${btoa(KEYS.admin)}`, `bearer ${KEYS.admin}x`]) {
          const other = await worker.fetch(`/api/v1${path}`, { method, headers: { authorization } });
          expect([method, path, authorization, other.status]).toEqual([method, path, authorization, 401]);
        }
      }
    });

    test('a path that is none and a method that is not answered cannot be told from others without a key', async () => {
      const { api, worker } = use();
      const bodies = await Promise.all(
        [
          api.ask('GET', '/nothing', { key: null }),
          api.ask('DELETE', '/runs', { key: null }),
          worker.fetch('/api/'),
          worker.fetch('/api/v2/runs'),
        ].map(async (asked) => {
          const response = await asked;
          return [response.status, await response.text()];
        }),
      );
      expect(new Set(bodies.map(String)).size).toBe(1);
      expect(bodies[0]?.[0]).toBe(401);
    });

    test('each route is only for keys with its scope', async () => {
      const { api } = use();
      for (const { method, path, scopes } of operations()) {
        if (scopes.length === 0) continue;
        const wrong = (Object.keys(KEYS) as KeyName[]).filter(
          (name) => name.startsWith('only-') && !scopes.some((scope) => name === `only-${scope.replace('runs:', '').replace(':', '-')}`),
        );
        expect(wrong.length).toBeGreaterThanOrEqual(4);
        for (const key of wrong) {
          const response = await api.ask(method, path, { key });
          expect([method, path, key, response.status]).toEqual([method, path, key, 403]);
        }
      }
    });

    test('each path names the methods that it answers to who asks with another', async () => {
      const { api } = use();
      const byPath = Map.groupBy(operations(), ({ path }) => path);
      for (const [path, own] of byPath) {
        const answered = own.map(({ method }) => method);
        for (const method of METHODS.filter((other) => !answered.includes(other))) {
          // `/ensembles/x/runs` is also the path of an ensemble `x/runs`.
          if (method === 'GET' && /^\/ensembles\/.*runs$/.test(path)) continue;
          const response = await api.ask(method, path);
          expect([method, path, response.status]).toEqual([method, path, 405]);
          for (const one of answered) expect(response.headers.get('allow')?.split(', ')).toContain(one);
        }
        const options = await api.ask('OPTIONS', path);
        expect([options.status, options.headers.get('allow')]).toEqual([204, expect.stringContaining(answered[0] ?? '')]);
      }
    });

    test('a key for one ensemble knows of no other', async () => {
      const { api } = use();
      const key = 'for-hello';
      const own = await api.post('/ensembles/hello/runs?wait=30s', { key, json: {}, status: 201 });
      const other = await api.run('echo');
      expect((await api.get('/ensembles', { key })).ensembles.map(({ id }) => id)).toEqual(['hello']);
      expect((await api.ask('GET', '/ensembles/echo', { key })).status).toBe(403);
      expect((await api.ask('GET', '/ensembles/nothing', { key })).status).toBe(403);
      expect((await api.ask('POST', '/ensembles/echo/runs', { key, json: {} })).status).toBe(403);
      expect((await api.get(`/runs/${own.run}`, { key })).output).toBe('hello you');
      for (const path of ['', '/events?follow=0', '/program']) {
        expect((await api.ask('GET', `/runs/${other.run}${path}`, { key })).status).toBe(404);
      }
      for (const wish of ['pause', 'resume', 'cancel', 'signals/x']) {
        expect((await api.ask('POST', `/runs/${other.run}/${wish}`, { key })).status).toBe(404);
      }
      const listed = await api.get('/runs?limit=500', { key });
      expect(listed.runs.length).toBeGreaterThan(0);
      expect(new Set(listed.runs)).toEqual(new Set(listed.runs.filter((run) => 'ensemble' in run && run.ensemble === 'hello')));
      expect((await api.get('/statistics', { key })).ensembles.map(({ ensemble }) => ensemble)).toEqual(['hello']);
      for (const path of ['/state', '/state/kv/x']) expect((await api.ask('GET', path, { key })).status).toBe(403);
      expect(Object.keys(((await api.get('/openapi.json', { key })) as unknown as typeof api.document).paths)).not.toContain(
        '/api/v1/ensembles/echo/runs',
      );
    });
  });
}
