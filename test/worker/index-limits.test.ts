import { describe, expect, vi } from 'vitest';
import { atLimit } from '../support/at-limit.ts';
import { workerModule } from './support/worker-module.ts';

const openIndex = vi.hoisted(() => vi.fn());
const openRun = vi.hoisted(() => vi.fn());
vi.mock('../../src/worker/open-index.ts', () => ({ openIndex }));
vi.mock('../../src/worker/open-run.ts', () => ({ openRun }));
vi.mock('cloudflare:workers', () => ({
  DurableObject: class {
    readonly ctx: object;
    constructor(ctx: object) {
      this.ctx = ctx;
    }
  },
}));

const { readRuns } = await workerModule<{ readRuns(filter: object, env: object): Promise<readonly object[]> }>('read-runs.ts');
const { RunTable } = await workerModule<{ readonly RunTable: new (sql: object) => { list(filter: object): readonly object[] } }>(
  'run-table.ts',
);
const { ClaimObject } = await workerModule<{
  readonly ClaimObject: new (context: object, env: object) => { alarm(): Promise<void> };
}>('claims/claim-object.ts');

const finished = (index: number) => ({ run: String(index).padStart(26, '0'), status: 'succeeded', started_at: 0, finished_at: 1 });

describe('a list of runs of which nobody says how long it is to be', () => {
  const read = async (runs: number) => {
    openIndex.mockReturnValue({
      list: async ({ limit, before = '-1' }: { readonly limit: number; readonly before?: string }) =>
        Array.from({ length: Math.min(limit, runs - Number(before) - 1) }, (_, index) => finished(Number(before) + 1 + index)),
    });
    return (await readRuns({}, {})).length;
  };
  atLimit('src/worker/read-runs.ts DEFAULT_LIMIT', {
    within: async (runs) => expect(await read(runs)).toBe(runs),
    beyond: async (runs) => expect(await read(runs)).toBe(runs - 1),
  });
  const listed = (runs: number) => {
    const exec = (_query: string, limit = 0) => ({
      toArray: () => Array.from({ length: Math.min(limit, runs) }, (_, index) => ({ summary: JSON.stringify(finished(index)) })),
    });
    return new RunTable({ exec }).list({}).length;
  };
  atLimit('src/worker/run-table.ts DEFAULT_LIMIT', {
    within: (runs) => expect(listed(runs)).toBe(runs),
    beyond: (runs) => expect(listed(runs)).toBe(runs - 1),
  });
});

describe('runs that an isolate remembers to exist', () => {
  /** Whether the first of so many is found, and how often the index is asked for it. */
  const sought = async (runs: number) => {
    vi.resetModules();
    const { findRun, noteKnownRun } = await workerModule<{
      findRun(env: object, run: string): Promise<object | undefined>;
      noteKnownRun(run: string): void;
    }>('find-run.ts');
    const find = vi.fn(async () => finished(0));
    openIndex.mockReturnValue({ find });
    openRun.mockReturnValue({ report: async () => ({ summary: finished(0) }) });
    for (let index = 0; index < runs; index++) noteKnownRun(finished(index).run);
    return { found: await findRun({}, finished(0).run), asked: find.mock.calls.length };
  };
  atLimit('src/worker/find-run.ts MOST_KNOWN', {
    within: async (runs) => expect(await sought(runs)).toEqual({ found: finished(0), asked: 0 }),
    beyond: async (runs) => expect(await sought(runs)).toEqual({ found: finished(0), asked: 1 }),
  });
});

describe('keys whose time is over', () => {
  /** After how long they are looked for again when the next one ends in so many ms. */
  const pauseBefore = async (ms: number) => {
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now);
    const setAlarm = vi.fn(async (_at: number) => undefined);
    const exec = () => ({ toArray: () => [{ until: now + ms }] });
    await new ClaimObject({ storage: { sql: { exec }, setAlarm } }, {}).alarm();
    vi.restoreAllMocks();
    return (setAlarm.mock.calls[0]?.[0] ?? now) - now;
  };
  atLimit('src/worker/claims/claim-object.ts MIN_PAUSE_MS', {
    within: async (ms) => expect([await pauseBefore(ms), await pauseBefore(2 * ms)]).toEqual([ms, 2 * ms]),
    beyond: async (ms) => expect(await pauseBefore(ms)).toBe(ms + 1),
  });
});
