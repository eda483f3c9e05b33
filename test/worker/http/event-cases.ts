import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../src/program/run-event.ts';
import { readUntil } from '../support/read-until.ts';
import type { ApiUnderTest } from './http-suite.ts';

const NDJSON = { accept: 'application/x-ndjson' };

export function eventCases(use: () => ApiUnderTest): void {
  const linesOf = async (path: string, headers: Readonly<Record<string, string>> = NDJSON): Promise<readonly RunEvent[]> => {
    const text = await (await use().api.ask('GET', path, { headers })).text();
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as RunEvent]));
  };

  describe('events', () => {
    test('come as server-sent events, and end with the run', async () => {
      const { api } = use();
      const { run } = await api.run('hello');
      const response = await api.ask('GET', `/runs/${run}/events`);
      expect([response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual(['text/event-stream', 'no-store']);
      const blocks = (await response.text()).split('\n\n').filter((block) => block !== '');
      expect(blocks[0]).toBe('retry: 1000');
      const events = blocks.slice(1).map((block) => {
        const [id, event, data, ...rest] = block.split('\n');
        expect(rest).toEqual([]);
        const parsed = JSON.parse(data?.replace(/^data: /, '') ?? '') as RunEvent;
        expect([id, event]).toEqual([`id: ${parsed.seq}`, `event: ${parsed.type}`]);
        return parsed;
      });
      expect(events).toEqual(await linesOf(`/runs/${run}/events`));
      expect([events[0]?.type, events.at(-1)?.type]).toEqual(['run.started', 'run.finished']);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, seq) => seq));
    });

    test('go on behind the last one that the client has', async () => {
      const { api } = use();
      const { run } = await api.run('hello');
      const path = `/runs/${run}/events`;
      const all = await linesOf(path);
      expect(await linesOf(`${path}?from=2`)).toEqual(all.slice(2));
      expect(await linesOf(`${path}?from=0`, { ...NDJSON, 'last-event-id': '1' })).toEqual(all.slice(2));
      expect(await linesOf(`${path}?from=1000`)).toEqual([]);
      const done = await api.ask('GET', path, { headers: { 'last-event-id': String(all.length - 1) } });
      expect(done.status).toBe(204);
      expect((await api.ask('GET', path, { headers: { 'last-event-id': 'x' } })).status).toBe(400);
    });

    test('come as they happen, and without follow end with what is there', async () => {
      const { api } = use();
      const run = await api.start('ask');
      const live = await readUntil(await api.ask('GET', `/runs/${run}/events`), 'event: run.waiting');
      const now = await linesOf(`/runs/${run}/events?follow=0`);
      expect(now.at(-1)?.type).toBe('run.waiting');
      await api.post(`/runs/${run}/approvals/free`, { json: { approved: true } });
      await live.rest().catch(() => undefined);
    });

    test('are all there for a reader who is slow, of a run that writes much', async () => {
      const { api } = use();
      const run = await api.start('many', { count: 400, size: 8_000 });
      const events = await linesOf(`/runs/${run}/events`);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, seq) => seq));
      expect(events.at(-1)).toMatchObject({ type: 'run.finished', status: 'succeeded' });
    });

    test('who goes away leaves the run alone', async () => {
      const { api } = use();
      const run = await api.start('ask');
      for (let reader = 0; reader < 20; reader += 1) {
        const gone = new AbortController();
        const response = await api.ask('GET', `/runs/${run}/events`, { signal: gone.signal });
        const { leave } = await readUntil(response, 'run.started');
        if (reader % 2 === 0) await leave();
        else gone.abort();
      }
      await api.post(`/runs/${run}/approvals/free`, { json: { approved: true } });
      expect(await api.get(`/runs/${run}?wait=30s`)).toMatchObject({ status: 'succeeded' });
    });

    test.each([
      ['application/json', 406],
      ['text/html', 406],
      ['text/html, */*;q=0.1', 200],
      ['text/event-stream', 200],
      ['application/x-ndjson;q=1, text/event-stream', 200],
    ])('asked for as %s: %i', async (accept, status) => {
      const { api } = use();
      const { run } = await api.run('hello');
      const response = await api.ask('GET', `/runs/${run}/events`, { headers: { accept } });
      await response.text();
      expect(response.status).toBe(status);
    });

    test('HEAD opens no stream', async () => {
      const { api } = use();
      const run = await api.start('ask');
      const response = await api.ask('HEAD', `/runs/${run}/events`);
      expect([response.status, await response.text()]).toEqual([200, '']);
      await api.post(`/runs/${run}/cancel`);
    });
  });
}
