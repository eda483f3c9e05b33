import { describe, expect, test } from 'vitest';
import { RunFeed } from '../../../src/node/dev/run-feed.ts';
import type { RunFilter, RunSummary } from '../../../src/program/host-calls.ts';
import type { RunStatus } from '../../../src/program/run-event.ts';

const START = 1_000_000;
const summary = (run: string, status: RunStatus, startedAt: number): RunSummary => ({
  run,
  ensemble: 'x',
  file: 'ensembles/x.yaml',
  status,
  started_at: startedAt,
  last_event_at: startedAt,
  attempt: 1,
  steps: 0,
});

function open() {
  let now = START;
  const index = new Map<string, RunSummary>();
  const told: string[] = [];
  const asked: RunFilter[] = [];
  const feed = new RunFeed({
    async runs(filter) {
      asked.push(filter);
      const runs = [...index.values()].filter(({ started_at }) => started_at >= (filter.since ?? 0));
      return { runs: runs.toSorted((a, b) => b.started_at - a.started_at) };
    },
    onChange: ({ run, status }) => told.push(`${run} ${status}`),
    now: () => now,
  });
  return {
    feed,
    told,
    asked,
    set: (run: string, status: RunStatus, startedAt: number) => index.set(run, summary(run, status, startedAt)),
    moveTo(at: number) {
      now = at;
    },
  };
}

describe('the runs that begin and end while a project is served', () => {
  test('each change of status is told once, the oldest run first', async () => {
    const { feed, told, set } = open();
    set('before', 'running', START - 1);
    set('a', 'running', START + 1);
    set('b', 'succeeded', START + 2);
    await feed.look();
    await feed.look();
    set('a', 'failed', START + 1);
    await feed.look();
    expect(told).toEqual(['a running', 'b succeeded', 'a failed']);
  });

  test('a run that takes long is looked after until its end, however many came after it', async () => {
    const { feed, told, asked, set, moveTo } = open();
    set('long', 'running', START + 1);
    await feed.look();
    moveTo(START + 3_600_000);
    await feed.look();
    set('long', 'succeeded', START + 1);
    await feed.look();
    await feed.look();
    expect(told).toEqual(['long running', 'long succeeded']);
    expect(asked.at(-1)?.since).toBe(START + 3_600_000 - 5_000);
  });

  test('a run that is late in the index is told all the same', async () => {
    const { feed, told, set, moveTo } = open();
    moveTo(START + 60_000);
    await feed.look();
    set('late', 'running', START + 58_000);
    await feed.look();
    expect(told).toEqual(['late running']);
  });
});
