import type { HostCalls, RunSummary } from '../../../src/program/host-calls.ts';
import type { FakeHost } from '../support/fake-host.ts';

/** The clock of the fake process. */
export const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

/** A run of the `index`-th minute before now, which took two seconds. */
export function summaryOf(index: number, extra: Partial<RunSummary> = {}): RunSummary {
  const started = NOW - index * MINUTE;
  return {
    run: `01m7z5cdz2${String(index).padStart(16, '0')}`,
    ensemble: 'shop',
    file: 'ensembles/shop.yaml',
    status: 'succeeded',
    started_at: started,
    finished_at: started + 2_000,
    duration_ms: 2_000,
    last_event_at: started + 2_000,
    attempt: 1,
    steps: 3,
    ...extra,
  };
}

/** A run that is not over. */
export function openSummary(index: number, extra: Partial<RunSummary> = {}): RunSummary {
  const { finished_at: _finished, duration_ms: _duration, ...open } = summaryOf(index, { status: 'running' });
  return { ...open, last_event_at: NOW, ...extra };
}

/** Makes the host answer with these runs, newest first, as the worker's index does. */
export function serveRuns(host: FakeHost, runs: readonly RunSummary[]): void {
  host.replies = {
    ...host.replies,
    runs: (ask) => {
      const { statuses, ensemble, part, before, since, until, limit = 100 } = ask as HostCalls['runs']['ask'];
      const found = runs
        .toSorted((a, b) => b.started_at - a.started_at)
        .filter((run) => statuses?.includes(run.status) ?? true)
        .filter((run) => ensemble === undefined || run.ensemble === ensemble)
        .filter(({ run }) => part === undefined || run.startsWith(part) || run.endsWith(part))
        .filter((run) => run.started_at >= (since ?? 0) && run.started_at < (until ?? Number.POSITIVE_INFINITY));
      const start = before === undefined ? 0 : found.findIndex(({ run }) => run === before) + 1;
      return { runs: found.slice(start, start + limit) };
    },
  };
}
