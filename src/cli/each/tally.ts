import type { RowResult } from './row-result.ts';

const LISTED_FAILURES = 20;

export interface FailedRow {
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

/** What a batch has done so far: numbers and the first failures, so that it stays as small with 100,000 rows as with ten. */
export class Tally {
  /** How many rows there are; undefined when that is not known before the last. */
  readonly total: number | undefined;
  /** Epoch ms. */
  readonly startedAt: number;
  /** Rows that this batch is through with, by how they ended; those that wait are the only ones that go on. */
  readonly ended = { succeeded: 0, failed: 0, cancelled: 0, waiting: 0 };
  /** Rows that an earlier batch had done. */
  skipped = 0;
  /** The first of those that failed, as they ended. */
  readonly failures: FailedRow[] = [];

  constructor(total: number | undefined, startedAt: number) {
    this.total = total;
    this.startedAt = startedAt;
  }

  add({ status, line, failure }: Pick<RowResult, 'status' | 'line' | 'failure'>): void {
    this.ended[status] += 1;
    if (status !== 'failed' || this.failures.length >= LISTED_FAILURES) return;
    this.failures.push({ line, code: failure?.code ?? 'DEFECT', message: failure?.message ?? 'it did not say why' });
  }

  /** Rows that this batch need not look at any more. */
  get over(): number {
    const { succeeded, failed, cancelled, waiting } = this.ended;
    return this.skipped + succeeded + failed + cancelled + waiting;
  }

  /** Rows a second, over all of this batch. 0 while none has ended. */
  rate(now: number): number {
    const ran = this.over - this.skipped;
    const elapsedMs = now - this.startedAt;
    return elapsedMs <= 0 ? 0 : (ran * 1_000) / elapsedMs;
  }

  /** How long the rest takes at this rate, in ms; undefined while nobody can know. */
  leftMs(now: number): number | undefined {
    const rate = this.rate(now);
    return this.total === undefined || rate === 0 ? undefined : Math.max(0, ((this.total - this.over) * 1_000) / rate);
  }
}
