import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostCallName, HostCalls, RunFilter, RunSummary } from '../../src/program/host-calls.ts';
import { HOST_ROUTES, WORKER_BINDINGS } from '../../src/program/host-protocol.ts';
import type { RunReport } from '../../src/program/run-report.ts';
import { openRunHost, type RunHost } from './support/run-host.ts';

const SIMPLE = `
ensemble: simple
agents:
  - { name: rows, operation: code, loop: { items: "\${input.rows}" }, config: { code: "if (item < 0) throw new Error('negative'); return item" } }
  - { name: never, operation: code, condition: "\${false}", config: { code: "return 1" } }
output: \${input.rows}
`;
const ASKING = `
ensemble: asking
agents:
  - { name: ask, operation: approval, config: { prompt: "Pay?" } }
`;

async function call<Name extends HostCallName>(host: RunHost, name: Name, ask: HostCalls[Name]['ask']): Promise<HostCalls[Name]['reply']> {
  const response = await host.request(HOST_ROUTES.call + name, { method: 'POST', body: JSON.stringify(ask) });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return (await response.json()) as HostCalls[Name]['reply'];
}

async function list(host: RunHost, filter: RunFilter = {}): Promise<readonly RunSummary[]> {
  return (await call(host, 'runs', filter)).runs;
}

/** The index itself, as runs report to it. */
interface Index {
  report(report: RunReport): Promise<void>;
  forget(runs: readonly string[]): Promise<void>;
}

async function openIndexOf(host: RunHost): Promise<Index> {
  const namespace = await host.miniflare.getDurableObjectNamespace(WORKER_BINDINGS.index);
  return namespace.get(namespace.idFromName('runs')) as unknown as Index;
}

const idsOf = (runs: readonly RunSummary[]) => runs.map(({ run }) => run);

describe.each([1, 3])('the index of runs in %i parts', (parts) => {
  let host: RunHost;
  let folder: string;
  const objectFiles = () => readdirSync(join(folder, 'do', '-RunObject')).filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'run-index-'));
    host = await openRunHost({ persist: folder, vars: { [WORKER_BINDINGS.indexShards]: String(parts) } });
    for (const [run, rows] of Object.entries({ 'run-a': [1, 2, 3], 'run-b': [1, -1], 'run-c': [] }))
      await host.run(SIMPLE, { run, input: { rows } });
    // Not read on: the run waits.
    await (await host.send(ASKING, { run: 'run-d' })).body?.cancel();
  });
  afterAll(async () => {
    await host.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('lists all of them, newest first, as they stand', async () => {
    const runs = await list(host);
    expect(idsOf(runs)).toEqual(['run-d', 'run-c', 'run-b', 'run-a']);
    expect(runs[0]).toMatchObject({
      ensemble: 'asking',
      status: 'waiting',
      waiting: [{ agent: 'ask', reason: 'approval', prompt: 'Pay?' }],
    });
    expect(runs[2]).toMatchObject({ status: 'failed', agent: 'rows[1]', failure: { code: 'CODE_ERROR' } });
    expect(runs[3]).toMatchObject({ ensemble: 'simple', status: 'succeeded', attempt: 1, steps: 3 });
  });

  test('takes its filters together', async () => {
    expect(idsOf(await list(host, { ensemble: 'simple' }))).toEqual(['run-c', 'run-b', 'run-a']);
    expect(idsOf(await list(host, { statuses: ['failed', 'waiting'] }))).toEqual(['run-d', 'run-b']);
    expect(idsOf(await list(host, { statuses: ['running'] }))).toEqual([]);
    expect(idsOf(await list(host, { ensemble: 'simple', statuses: ['succeeded'], limit: 1 }))).toEqual(['run-c']);
    const started = (await list(host, { part: 'n-b' }))[0]?.started_at ?? 0;
    expect(idsOf(await list(host, { since: started, until: started + 1, part: 'run-b' }))).toEqual(['run-b']);
    expect(idsOf(await list(host, { part: "' OR 1=1 --" }))).toEqual([]);
    expect(idsOf(await list(host, { part: '%' }))).toEqual([]);
  });

  test('pages without a gap and nothing twice', async () => {
    const seen: string[] = [];
    for (let before: string | undefined; ; before = seen.at(-1)) {
      const page = await list(host, { limit: 1, ...(before === undefined ? {} : { before }) });
      if (page.length === 0) break;
      seen.push(...idsOf(page));
    }
    expect(seen).toEqual(['run-d', 'run-c', 'run-b', 'run-a']);
  });

  test('tells how often agents did what', async () => {
    const { ensembles } = await call(host, 'statistics', { ensemble: 'simple' });
    expect(ensembles).toMatchObject([
      { ensemble: 'simple', runs: 3, succeeded: 2, failed: 1, cancelled: 0, success_rate: 2 / 3, error_rate: 1 / 3 },
    ]);
    const [rows, never] = ensembles[0]?.agents ?? [];
    expect(rows).toMatchObject({ agent: 'rows', runs: 5, succeeded: 4, failed: 1, skipped: 0, retries: 0, success_rate: 0.8 });
    expect(rows?.duration_ms?.p95).toBeGreaterThanOrEqual(rows?.duration_ms?.p50 ?? Number.NaN);
    expect(never).toEqual({ agent: 'never', runs: 2, succeeded: 0, failed: 0, skipped: 2, stopped: 0, retries: 0, cache_hits: 0 });
    expect(idsOf(await list(host)).length).toBe(4);
    expect((await call(host, 'statistics', {})).ensembles.map(({ ensemble }) => ensemble).toSorted()).toEqual(['asking', 'simple']);
    expect((await call(host, 'statistics', { since: Date.now() + 60_000 })).ensembles).toEqual([]);
  });

  test('forgets runs that are over with all that is kept of them, and no other', async () => {
    await host.run(SIMPLE, { run: 'run-e', input: { rows: [] } });
    const dry = await call(host, 'forget', { runs: ['run-e'], dry: true });
    expect(idsOf(await list(host))).toContain('run-e');
    const done = await call(host, 'forget', { runs: ['run-e', 'run-d'] });
    expect(done).toEqual({ forgotten: ['run-e'], objects: dry.objects });
    expect(done.objects).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(idsOf(await list(host))).toEqual(['run-d', 'run-c', 'run-b', 'run-a']);
    await rm(join(folder, 'do', '-RunObject', `${done.objects[0]}.sqlite`));
    await call(host, 'settle', {});
    expect(objectFiles()).not.toContain(`${done.objects[0]}.sqlite`);
    expect((await host.request(`${HOST_ROUTES.events}?run=run-e`)).status).toBe(404);
    expect(await host.events('run-a')).not.toEqual([]);
  });

  test('runs that are over leave one file each once they were put away, and those that wait stay at it', async () => {
    const reader = (await host.send(ASKING, { run: 'run-f' })).body?.getReader();
    await reader?.read();
    await host.run(SIMPLE, { run: 'run-g', input: { rows: [1] } });
    const { objects } = await call(host, 'forget', { runs: ['run-g', 'run-f'], dry: true });
    const filesOf = (object = '') => readdirSync(join(folder, 'do', '-RunObject')).filter((name) => name.startsWith(object));
    expect(filesOf(objects[0])).toHaveLength(3);
    await call(host, 'settle', {});
    expect(filesOf(objects[0])).toEqual([`${objects[0]}.sqlite`]);
    expect(filesOf(objects[1])).toHaveLength(3);
    expect((await host.events('run-g')).at(-1)).toMatchObject({ type: 'run.finished', status: 'succeeded' });
    expect(await call(host, 'cancel', { run: 'run-f', reason: 'the test is over' })).toEqual({ type: 'done' });
    for (let next = await reader?.read(); next?.done === false; next = await reader?.read());
    expect((await list(host, { part: 'run-f' }))[0]).toMatchObject({ status: 'cancelled' });
    await call(host, 'forget', { runs: ['run-f', 'run-g'] });
  });

  test('finds objects in which no run is, and leaves alone those that it does not know but that hold one', async () => {
    const before = objectFiles();
    await host.request(`${HOST_ROUTES.events}?run=nobody`);
    const [left] = objectFiles().filter((name) => !before.includes(name));
    const objects = [...objectFiles().map((name) => name.slice(0, 64)), 'no id', '../metadata'];
    const { forgotten, objects: emptied } = await call(host, 'forget', { runs: [], objects });
    expect(forgotten).toEqual([]);
    expect(emptied).toContain(left?.slice(0, 64));
    expect(idsOf(await list(host))).toEqual(['run-d', 'run-c', 'run-b', 'run-a']);
    for (const run of ['run-a', 'run-b', 'run-c', 'run-d']) expect(await host.events(run)).not.toEqual([]);
  });
});

describe('an index that missed reports', () => {
  test('takes them in any order: the newest moment of a run stands', async () => {
    const host = await openRunHost();
    try {
      const index = await openIndexOf(host);
      const at = (events: number, extra: Partial<RunSummary>): RunReport => {
        const summary = {
          run: 'r',
          ensemble: 'e',
          file: 'e.yaml',
          status: 'running',
          started_at: 1,
          last_event_at: events,
          attempt: 1,
          steps: 0,
        } as const;
        return { summary: { ...summary, ...extra }, events };
      };
      const agents = [
        { agent: 'a', runs: 1, succeeded: 1, failed: 0, skipped: 0, stopped: 0, retries: 0, cache_hits: 0, durations: { 5: 1 } },
      ];
      const last = { ...at(9, { status: 'succeeded', finished_at: 9, duration_ms: 8 }), agents };
      const reports = [at(0, {}), at(3, { status: 'waiting' }), last];
      for (const order of [
        [0, 1, 2],
        [2, 1, 0],
        [1, 2, 0],
        [2, 0, 1, 2],
      ]) {
        await index.forget(['r']);
        for (const position of order) await index.report(reports[position] as RunReport);
        expect(await list(host)).toEqual([last.summary]);
        expect((await call(host, 'statistics', {})).ensembles).toMatchObject([
          { runs: 1, succeeded: 1, agents: [{ agent: 'a', duration_ms: { p50: 5, p95: 5 } }] },
        ]);
      }
    } finally {
      await host.close();
    }
  });

  test('learns from the runs how they ended, and finds those that it lost', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'run-index-'));
    try {
      const first = await openRunHost({ persist: folder });
      await (await first.send(ASKING, { run: 'asked' })).body?.cancel();
      await first.run(SIMPLE, { run: 'simple', input: { rows: [1] } });
      const objects = readdirSync(join(folder, 'do', '-RunObject')).flatMap((name) => /^([0-9a-f]{64})\.sqlite$/.exec(name)?.[1] ?? []);
      await first.close();
      await rm(join(folder, 'do', '-RunIndex'), { recursive: true });

      const second = await openRunHost({ persist: folder });
      const begun = { ensemble: 'simple', file: 'e.yaml', status: 'running', last_event_at: 1, attempt: 1, steps: 0 } as const;
      const index = await openIndexOf(second);
      // All that is known of a run whose process was killed before its next report.
      await index.report({ summary: { ...begun, run: 'simple', started_at: Date.now() }, events: 0 });
      await index.report({ summary: { ...begun, run: 'never', started_at: Date.now() - 120_000 }, events: 0 });
      await index.report({ summary: { ...begun, run: 'begins', started_at: Date.now() }, events: 0 });
      const [counted] = (await call(second, 'statistics', { ensemble: 'simple' })).ensembles;
      expect(counted).toMatchObject({
        runs: 2,
        succeeded: 1,
        agents: [
          { agent: 'rows', runs: 1 },
          { agent: 'never', runs: 1 },
        ],
      });
      expect(idsOf(await list(second, { statuses: ['running'] }))).toEqual(['begins']);
      await index.forget(['begins', 'simple']);
      await call(second, 'forget', { runs: [], objects });
      expect((await list(second)).map(({ run, status }) => ({ run, status })).toSorted((a, b) => (a.run < b.run ? -1 : 1))).toEqual([
        { run: 'asked', status: 'waiting' },
        { run: 'simple', status: 'succeeded' },
      ]);
      expect((await call(second, 'statistics', { ensemble: 'simple' })).ensembles[0]?.agents[0]).toMatchObject({
        agent: 'rows',
        succeeded: 1,
      });
      await second.close();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
