import type { OpenHost } from '../../../src/cli/run/open-while-interruptible.ts';
import type { JsonObject } from '../../../src/program/json.ts';
import type { RunEvent } from '../../../src/program/run-event.ts';
import { finished } from '../support/events.ts';

export interface RowHost {
  readonly open: OpenHost;
  /** The inputs of the runs that began, in order. */
  readonly inputs: JsonObject[];
  readonly cancelled: string[];
  /** Runs that go on now, and the most that ever did at once. */
  readonly atWork: { now: number; most: number };
  closed: number;
}

type End = Partial<Extract<RunEvent, { type: 'run.finished' }>>;

/** A host whose runs end as `end` says of their input; a promise holds the run until the test settles it. A cancelled run ends as cancelled. */
export function createRowHost(end: (input: JsonObject) => End | Promise<End>): RowHost {
  const cancels = new Map<string, () => void>();
  const host: RowHost = {
    inputs: [],
    cancelled: [],
    atWork: { now: 0, most: 0 },
    closed: 0,
    open: async () => ({
      async *run(_program, { run, input }) {
        host.inputs.push(input as JsonObject);
        host.atWork.now += 1;
        host.atWork.most = Math.max(host.atWork.most, host.atWork.now);
        const cancelled = new Promise<End>((resolve) => {
          cancels.set(run, () => resolve({ status: 'cancelled', failure: { code: 'CANCELLED', message: 'so', retryable: false } }));
        });
        const ended = await Promise.race([end(input as JsonObject), cancelled]);
        host.atWork.now -= 1;
        yield { seq: 0, at: 0, run, ...finished(ended) } as RunEvent;
      },
      async call(name, ask) {
        if (name === 'answer') return { type: 'unknown' };
        if (name !== 'cancel' || !('reason' in ask)) throw new Error(`the test has no reply to ${name}`);
        host.cancelled.push(String(ask.reason));
        cancels.get(String(ask.run))?.();
        return { type: 'done' } as never;
      },
      events: async () => undefined,
      readProgram: async () => undefined,
      async close() {
        host.closed += 1;
      },
    }),
  };
  return host;
}
