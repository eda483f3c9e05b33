import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/program/run-event.ts';
import { openRunHost, type RunHost } from './support/run-host.ts';

let host: RunHost;
beforeAll(async () => {
  host = await openRunHost();
});
afterAll(() => host.close());

const finished = (events: readonly RunEvent[], agent: string) =>
  events.find((event) => event.type === 'agent.finished' && event.agent === agent) as Extract<RunEvent, { type: 'agent.finished' }>;

/** Its output tells one call from another. */
const source = (cache: string): string => `
ensemble: cached
agents:
  - name: draw
    operation: code
    config: { code: "return { id: \${input.id}, drawn: crypto.randomUUID() }" }
    input: { id: "\${input.id}" }
    cache: ${cache}
  - name: all
    operation: code
    loop: { items: "\${input.items}", concurrency: 8 }
    config: { code: "return { item: \${item}, drawn: crypto.randomUUID() }" }
    cache: { ttl: 1h, key: "\${item}" }
output: { draw: "\${draw.output}", all: "\${all.output}" }
`;

describe('the cache in KV', () => {
  test('gives in another run what code gave in this one, by its key', async () => {
    const input = { id: 1, items: [] };
    const first = await host.run(source('{ ttl: 1h }'), { input });
    const again = await host.run(source('{ ttl: 1h }'), { input });
    const other = await host.run(source('{ ttl: 1h }'), { input: { ...input, id: 2 } });
    expect(finished(first, 'draw').cached).toBeUndefined();
    expect(finished(again, 'draw')).toMatchObject({ cached: true, attempts: 0, output: finished(first, 'draw').output });
    expect(finished(other, 'draw').cached).toBeUndefined();
    const kv = await host.miniflare.getKVNamespace('OTHER_KV');
    const { keys } = await kv.list();
    const names = [
      ...keys.map(({ name }) => name),
      ...(await (await host.miniflare.getKVNamespace('KV')).list()).keys.map(({ name }) => name),
    ];
    expect(names.filter((name) => /^cache:cached\/draw:[0-9a-f]{64}$/.test(name))).toHaveLength(2);
  });

  test('lets one of several iterations work for all with its key', async () => {
    const items = Array.from({ length: 40 }, (_, index) => index % 4);
    const events = await host.run(source('{}'), { input: { id: 'loop', items } });
    const done = events.filter((event) => event.type === 'agent.finished' && event.agent.startsWith('all['));
    expect(done).toHaveLength(40);
    expect(done.filter((event) => event.type === 'agent.finished' && event.cached === undefined)).toHaveLength(4);
    const end = events.at(-1);
    const { all } = (end?.type === 'run.finished' ? end.output : undefined) as { all: { item: number; drawn: string }[] };
    expect(all.map(({ item }) => item)).toEqual(items);
    expect(new Set(all.map(({ drawn }) => drawn)).size).toBe(4);
  });
});
