import type { OpenHost } from '../../../src/cli/run/open-while-interruptible.ts';
import type { RecordedRun } from '../../../src/node/host.ts';
import type { AnswerOutcome, ApprovalAnswer } from '../../../src/program/approval.ts';
import type { Program } from '../../../src/program/program.ts';
import type { EventBody, RunEvent } from '../../../src/program/run-event.ts';
import type { RunRequest } from '../../../src/program/run-request.ts';

export interface FakeHost {
  readonly open: OpenHost;
  readonly runs: { readonly program: Program; readonly request: RunRequest }[];
  readonly cancelled: string[];
  /** What was answered, and what becomes of the next answer. */
  readonly answers: { readonly agent: string; readonly answer: ApprovalAnswer }[];
  outcome: AnswerOutcome;
  /** What it knows of earlier runs, by id. */
  readonly recorded: Map<string, RecordedRun>;
  closed: number;
}

/** A host that tells the given events; a function among them is awaited at its turn, so that a test can hold the run there. */
export function createFakeHost(story: readonly (EventBody | ((host: FakeHost) => unknown))[]): FakeHost {
  const host: FakeHost = {
    runs: [],
    cancelled: [],
    answers: [],
    outcome: { type: 'taken' },
    recorded: new Map(),
    closed: 0,
    open: async () => ({
      async *run(program, request) {
        host.runs.push({ program, request });
        let seq = 0;
        for (const item of story) {
          if (typeof item === 'function') await item(host);
          else yield { seq: seq++, at: 1_800_000_000_000 + seq, run: request.run, ...item } as RunEvent;
        }
      },
      cancel: async (_run, reason) => void host.cancelled.push(reason),
      async answer(_run, agent, answer) {
        host.answers.push({ agent, answer });
        return host.outcome;
      },
      readRun: async (run) => host.recorded.get(run),
      async close() {
        host.closed += 1;
      },
    }),
  };
  return host;
}
