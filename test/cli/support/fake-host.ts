import type { OpenHost } from '../../../src/cli/run/open-while-interruptible.ts';
import type { AnswerOutcome, ApprovalAnswer } from '../../../src/program/approval.ts';
import type { HostCallName, HostCalls } from '../../../src/program/host-calls.ts';
import type { Program } from '../../../src/program/program.ts';
import type { EventBody, RunEvent } from '../../../src/program/run-event.ts';
import type { RunRequest } from '../../../src/program/run-request.ts';

/** A run as its journal has it. */
export interface RecordedRun {
  readonly program?: Program;
  readonly events: AsyncIterable<RunEvent>;
  /** What comes to those who follow it, behind `events`. */
  readonly coming?: AsyncIterable<RunEvent>;
}

type Answers = { readonly [Name in HostCallName]?: (ask: HostCalls[Name]['ask']) => HostCalls[Name]['reply'] };

export interface FakeHost {
  readonly open: OpenHost;
  readonly runs: { readonly program: Program; readonly request: RunRequest }[];
  readonly cancelled: string[];
  /** What was answered, and what becomes of the next answer. */
  readonly answers: { readonly agent: string; readonly answer: ApprovalAnswer }[];
  outcome: AnswerOutcome;
  /** What it knows of earlier runs, by id. */
  readonly recorded: Map<string, RecordedRun>;
  /** Every call but `cancel` and `answer` that it was asked, in order. */
  readonly calls: { readonly name: HostCallName; readonly ask: unknown }[];
  /** What it replies to them; one that is not there is a fault of the test. */
  replies: Answers;
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
    calls: [],
    replies: {},
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
      async call(name, ask) {
        const answers: Answers = {
          cancel: ({ reason }) => {
            host.cancelled.push(reason);
            return { type: 'done' };
          },
          answer: ({ agent, answer }) => {
            host.answers.push({ agent, answer });
            return host.outcome;
          },
          ...host.replies,
        };
        if (name !== 'cancel' && name !== 'answer') host.calls.push({ name, ask });
        const answer = answers[name];
        if (answer === undefined) throw new Error(`the test has no reply to ${name}`);
        return answer(ask);
      },
      async events(run, { from = 0, follow = false } = {}) {
        const recorded = host.recorded.get(run);
        return recorded === undefined ? undefined : eventsOf(recorded, from, follow);
      },
      readProgram: async (run) => host.recorded.get(run)?.program,
      async close() {
        host.closed += 1;
      },
    }),
  };
  return host;
}

async function* eventsOf({ events, coming }: RecordedRun, from: number, follow: boolean): AsyncGenerator<RunEvent, void> {
  for await (const event of events) if (event.seq >= from) yield event;
  if (follow && coming !== undefined) yield* coming;
}
