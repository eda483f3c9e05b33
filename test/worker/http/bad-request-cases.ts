import { describe, expect, test } from 'vitest';
import type { ApiUnderTest } from './http-suite.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const RUNS = '/ensembles/echo/runs';

export function badRequestCases(use: () => ApiUnderTest): void {
  describe('a request that is none', () => {
    const problemOf = async (method: string, path: string, asked: Parameters<ApiUnderTest['api']['ask']>[2] = {}) => {
      const response = await use().api.ask(method, path, asked);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      const { status, code, type, title, detail } = (await response.json()) as Readonly<Record<string, unknown>>;
      expect([status, type]).toEqual([response.status, `urn:ensemble:problem:${code}`]);
      expect([typeof title, typeof detail]).toEqual(['string', 'string']);
      return [response.status, code, detail];
    };

    test.each([
      ['not JSON', '{"a":'],
      ['no JSON at all', 'name=x'],
      ['something after the JSON', '{} x'],
      ['two documents', '{}{}'],
      ['a comment', '{/* */}'],
      ['NaN', '{"a":NaN}'],
      ['white space alone', ' \n'],
      ['a number beyond all', '{"a":1e999}'],
      ['a key twice', '{"a":1,"b":{"c":1,"c":2}}'],
      ['a key twice, spelt differently', '{"a":1,"\\u0061":2}'],
      ['more levels than are taken', `${'['.repeat(1_001)}${']'.repeat(1_001)}`],
      ['levels without end', '['.repeat(500_000)],
    ])('is refused with %s in its body, and starts nothing', async (_, body) => {
      expect((await problemOf('POST', RUNS, { body, headers: JSON_TYPE })).slice(0, 2)).toEqual([400, 'invalid-json']);
    });

    test('is refused with bytes that are no UTF-8', async () => {
      const bytes = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
      expect((await problemOf('POST', RUNS, { body: bytes, headers: JSON_TYPE })).slice(0, 2)).toEqual([400, 'invalid-json']);
    });

    test('never shows what stands in the body', async () => {
      const [, , detail] = await problemOf('POST', RUNS, { body: '{"password": hunter2}', headers: JSON_TYPE });
      expect(detail).not.toContain('hunter');
    });

    test.each([
      [{ 'content-type': 'text/plain' }],
      [{ 'content-type': 'application/x-www-form-urlencoded' }],
      [{ 'content-type': 'multipart/form-data; boundary=x' }],
      [{ 'content-type': 'application/jsonp' }],
      [{ 'content-type': 'application/json; charset=utf-16' }],
      [{ 'content-type': 'application/json', 'content-encoding': 'gzip' }],
    ])('is refused with the headers %j', async (headers) => {
      expect((await problemOf('POST', RUNS, { body: '{"a":1}', headers })).slice(0, 2)).toEqual([415, 'unsupported-media-type']);
    });

    test('is refused with a body that is too large, whether it says so before or not', async () => {
      const large = JSON.stringify({ text: 'x'.repeat(1024 * 1024) });
      expect((await problemOf('POST', RUNS, { body: large, headers: JSON_TYPE })).slice(0, 2)).toEqual([413, 'payload-too-large']);
      const fits = JSON.stringify({ text: 'x'.repeat(1024 * 1024 - 11) });
      expect(fits.length).toBe(1024 * 1024);
      expect((await use().api.ask('POST', RUNS, { body: fits, headers: JSON_TYPE })).status).toBe(202);
    });

    test.each(['null', '[]', '"text"', '1', 'true'])('is refused with the input %s', async (body) => {
      const found = await problemOf('POST', RUNS, { body, headers: JSON_TYPE });
      expect(found.slice(0, 2)).toEqual([422, 'invalid-input']);
    });

    test('is told each field of the input that is wrong', async () => {
      const response = await use().api.ask('POST', '/ensembles/orders/refund/runs', { json: { amount: 'much' } });
      expect([response.status, await response.json()]).toMatchObject([
        422,
        { code: 'invalid-input', errors: [{ path: 'amount', message: expect.stringContaining('expected number') }] },
      ]);
    });

    test('starts nothing', async () => {
      const { api } = use();
      const before = await api.get('/runs?limit=500');
      for (const body of ['{', '[]', '{"a":1,"a":1}']) await api.ask('POST', RUNS, { body, headers: JSON_TYPE });
      await api.ask('POST', '/ensembles/orders/refund/runs', { json: {} });
      await api.ask('POST', '/ensembles/nothing/runs', { json: {} });
      await api.ask('POST', '/ensembles/hello/runs?wait=2h', { json: {} });
      expect((await api.get('/runs?limit=500')).runs.map(({ run }) => run)).toEqual(before.runs.map(({ run }) => run));
    });

    test.each([
      ['/runs?limit=0', 'limit'],
      // at its limit: src/worker/http/parameters.ts MAX_PAGE
      ['/runs?limit=501', 'limit'],
      ['/runs?limit=ten', 'limit'],
      ['/runs?limit=1&limit=2', 'twice'],
      ['/runs?status=done', 'status'],
      ['/runs?status=', 'status'],
      ['/runs?since=yesterday', 'since'],
      ['/runs?cursor=%27%20OR%201%3D1', 'cursor'],
      ['/runs?limits=1', 'did you mean "limit"'],
      ['/runs?__proto__=1', '__proto__'],
      [`/runs/${'0'.repeat(26)}?wait=61s`, 'wait'],
      [`/runs/${'0'.repeat(26)}?wait=60001`, 'wait'],
      [`/runs/${'0'.repeat(26)}?wait=-1`, 'wait'],
      [`/runs?ensemble=${'x'.repeat(1_025)}`, 'ensemble'],
      [`/runs/${'0'.repeat(26)}/events?from=-1`, 'from'],
      [`/runs/${'0'.repeat(26)}/events?follow=yes`, 'follow'],
    ])('is refused as GET %s', async (path, about) => {
      expect(await problemOf('GET', path)).toMatchObject([400, 'bad-request', expect.stringContaining(about)]);
    });

    test('is none where it asks for as much as there may be', async () => {
      const { api } = use();
      for (const path of ['/runs?limit=1', '/runs?limit=500', `/runs?ensemble=${'x'.repeat(1_024)}`])
        expect((await api.ask('GET', path)).status).toBe(200);
      expect((await api.ask('GET', `/runs/${'0'.repeat(26)}?wait=60s`)).status).toBe(404);
    });

    test.each([
      '/ensembles/nothing',
      '/ensembles/hello%00',
      '/ensembles/Hello',
      '/ensembles/hello.yaml',
      '/ensembles/..%2Fhello',
      '/ensembles/orders/../../hello/x',
      '/ensembles/orders%252Frefund',
      '/ensembles/__proto__',
      '/ensembles/h%C3%A9llo',
      `/ensembles/${'x'.repeat(1_025)}`,
      '/ensembles/',
      '//ensembles/hello',
      '/runs/x',
      `/runs/${'0'.repeat(25)}`,
      `/runs/${'0'.repeat(26)}`,
      `/runs/${'0'.repeat(26)}/events`,
      `/runs/${'0'.repeat(26)}/program`,
      '/runs/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
      `/runs/${'Z'.repeat(26)}`,
      `/runs/${'0'.repeat(26)}%0A`,
      '/runs/%F0%9F%92%A5',
      '/state/memory/x',
      '/nothing',
    ])('is nothing: GET %s', async (path) => {
      expect((await problemOf('GET', path)).slice(0, 2)).toEqual([404, 'not-found']);
    });

    test('is refused with a path that cannot be decoded', async () => {
      for (const path of ['/ensembles/%', '/ensembles/%zz', '/runs/%ff']) expect((await problemOf('GET', path))[0]).toBe(400);
    });

    test('leads out of the API where its path does, and to nothing there', async () => {
      const { api, worker } = use();
      expect((await api.ask('GET', '/../../ensembles/hello')).status).toBe(404);
      expect((await worker.fetch('/API/v1/runs')).status).toBe(404);
    });

    test('about a run that is none is refused', async () => {
      const { api } = use();
      for (const wish of ['pause', 'resume', 'cancel', 'signals/x']) {
        expect((await problemOf('POST', `/runs/${'0'.repeat(26)}/${wish}`)).slice(0, 2)).toEqual([404, 'not-found']);
      }
      expect((await api.ask('POST', `/runs/${'0'.repeat(26)}/approvals/a`, { json: { approved: true } })).status).toBe(404);
    });
  });
}
