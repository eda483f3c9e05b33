import type { RunSummary, WaitingSummary } from '../../program/host-calls.ts';
import type { RunStatus } from '../../program/run-event.ts';
import { failureLine } from '../reporters/words.ts';
import { alignColumns } from '../terminal/align-columns.ts';
import { formatDuration } from '../terminal/format-duration.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { shortIds } from './short-ids.ts';
import { isStalled, STALLED_AFTER_MS } from './stalled.ts';

export interface DrawRunsOptions {
  /** Epoch ms. */
  readonly now: number;
  readonly stalledAfterMs?: number;
  /** Ids in full, to be copied into what asked for them. */
  readonly wholeIds?: boolean;
}

const HEADS = ['RUN', 'STATUS', 'STARTED', 'DURATION', 'ENSEMBLE', ''];

/** One line a run under a line of heads, with what it waits for, why it failed, or for how long it has been silent. */
export function drawRuns(runs: readonly RunSummary[], options: DrawRunsOptions): readonly string[] {
  const ids = runs.map(({ run }) => run);
  const shown = options.wholeIds === true ? ids : shortIds(ids);
  return alignColumns([HEADS, ...runs.map((run, index) => [harmlessLine(shown[index] ?? run.run), ...cellsOf(run, options)])]);
}

/** Where the status stands in a line of `drawRuns`, so that it can be painted. */
export function statusColumn(lines: readonly string[]): number {
  return lines[0]?.indexOf('STATUS') ?? 0;
}

function cellsOf(run: RunSummary, { now, stalledAfterMs = STALLED_AFTER_MS }: DrawRunsOptions): readonly string[] {
  const { status, started_at, duration_ms, ensemble } = run;
  const started = new Date(started_at).toISOString();
  return [
    status,
    `${started.slice(0, 10)} ${started.slice(11, 19)}Z`,
    formatDuration(duration_ms ?? Math.max(0, now - started_at)),
    harmlessLine(ensemble),
    detailOf(run, isStalled(run, now, stalledAfterMs) ? now : undefined),
  ];
}

function detailOf({ status, failure, agent, waiting = [], last_event_at }: RunSummary, stalledAt: number | undefined): string {
  if (stalledAt !== undefined) return `stalled: nothing for ${formatDuration(stalledAt - last_event_at)}`;
  if (failure !== undefined)
    return NEEDS_REASON[status] === true ? `${agent === undefined ? '' : `${harmlessLine(agent)} `}${failureLine(failure)}` : '';
  const [first, ...more] = waiting;
  if (first === undefined) return '';
  return `${waitingFor(first)}${more.length === 0 ? '' : ` and ${more.length} more`}`;
}

const NEEDS_REASON: Readonly<Partial<Record<RunStatus, boolean>>> = { failed: true, cancelled: true };

/** `review: an approval`, `pause: until …`, `hold: the signal go`. */
function waitingFor({ agent, reason, until, prompt, signal }: WaitingSummary): string {
  const what = {
    approval: () => (prompt === undefined ? 'an approval' : `an approval: ${harmlessLine(prompt)}`),
    signal: () => `the signal ${harmlessLine(signal ?? '')}`,
    time: () => (until === undefined ? 'time' : new Date(until).toISOString()),
  }[reason]();
  return `${harmlessLine(agent)} waits ${reason === 'time' ? 'until' : 'for'} ${what}`;
}
