import type { AnswerOutcome, ApprovalAnswer } from './approval.ts';
import type { Failure } from './failure.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { Program } from './program.ts';
import type { RunEvent, RunStatus, Usage } from './run-event.ts';
import type { RunRequest } from './run-request.ts';
import type { RunStatistics, StatisticsFilter } from './run-statistics.ts';
import type { StateAsk, StateReply } from './state-calls.ts';

interface Call<Ask, Reply> {
  readonly ask: Ask;
  readonly reply: Reply;
}

/**
 * What a host can be asked, whether it is in this process, behind a socket or a deployed Worker: JSON both ways, `POST HOST_ROUTES.call/<name>`. Events and programs have routes of
 * their own, because they may be large.
 */
export interface HostCalls {
  /** Starts a run that nobody follows yet. */
  readonly start: Call<{ readonly program: Program; readonly request: RunRequest }, StartOutcome>;
  /** Asks the run to stop; its own events say how it ended. */
  readonly cancel: Call<{ readonly run: string; readonly reason: string }, ControlOutcome>;
  /** No agent of it begins any more, until it is resumed. */
  readonly pause: Call<{ readonly run: string; readonly reason?: string }, ControlOutcome>;
  /** Lets a paused run go on, and one that nobody runs any more from its journal. */
  readonly resume: Call<ResumeAsk, ControlOutcome>;
  readonly answer: Call<{ readonly run: string; readonly agent: string; readonly answer: ApprovalAnswer }, AnswerOutcome>;
  readonly signal: Call<{ readonly run: string; readonly name: string; readonly data?: JsonValue }, ControlOutcome>;
  readonly fork: Call<ForkAsk, ForkOutcome>;
  /** Newest first. */
  readonly runs: Call<RunFilter, { readonly runs: readonly RunSummary[] }>;
  readonly statistics: Call<StatisticsFilter, RunStatistics>;
  /** Deletes all that is kept of runs that are over. */
  readonly forget: Call<ForgetAsk, ForgetReply>;
  /** What this host's runtime is busy with now. */
  readonly alive: Call<Readonly<Record<string, never>>, Alive>;
  readonly state: Call<StateAsk, StateReply>;
  /**
   * The last question before a host ends its runtime in order. Runs that ended in it a moment ago are put away, so that each leaves one file and not three; those at work keep a note that they did
   * not crash it.
   */
  readonly settle: Call<Readonly<Record<string, never>>, Readonly<Record<string, never>>>;
}
export type HostCallName = keyof HostCalls;

export type StartOutcome = { readonly type: 'started' } | { readonly type: 'exists' };

/** What became of a wish about a run: `impossible` = its status does not allow that (`message` is a sentence that says why). */
export type ControlOutcome =
  | { readonly type: 'done' }
  | { readonly type: 'unknown' }
  | { readonly type: 'impossible'; readonly status: RunStatus; readonly message: string };

export interface ResumeAsk {
  readonly run: string;
  /** Goes on with this program in place of the run's own; agents are mapped by their paths. */
  readonly program?: Program;
  /** Variables are not kept when they are secret: these take their place. */
  readonly vars?: Readonly<Record<string, string>>;
}

export interface ForkAsk {
  readonly from: string;
  /** The path of the agent that runs first; what came before it is kept. */
  readonly agent: string;
  /** The id of the new run. */
  readonly run: string;
  /** Replace what the ensemble's state held then. */
  readonly values?: JsonObject;
  /** In place of the old run's input. */
  readonly input?: JsonValue;
  /** In place of the old run's program. */
  readonly program?: Program;
}

export type ForkOutcome =
  | { readonly type: 'started' }
  | { readonly type: 'unknown' }
  | { readonly type: 'exists' }
  /** The agent never began in that run; these did, in order. */
  | { readonly type: 'unknown-agent'; readonly agents: readonly string[] };

export interface ForgetAsk {
  readonly runs: readonly string[];
  /** Ids of Durable Objects for runs that lie in the host's data. Those in which no run is are emptied too; a run that the index of runs does not know is added to it. */
  readonly objects?: readonly string[];
  /** Deletes nothing: the reply says what would be. */
  readonly dry?: boolean;
}

export interface ForgetReply {
  readonly forgotten: readonly string[];
  /** The ids of the Durable Objects that are empty now. */
  readonly objects: readonly string[];
}

export interface RunFilter {
  /** Its name, or its file relative to the project's root. */
  readonly ensemble?: string;
  /** Any of these. */
  readonly statuses?: readonly RunStatus[];
  /** Started at or after, epoch ms. */
  readonly since?: number;
  /** Started before, epoch ms. */
  readonly until?: number;
  /** Ids that begin or end so. */
  readonly part?: string;
  /** Runs older than that one, which the last answer ended with. */
  readonly before?: string;
  /** At most so many; default 100. */
  readonly limit?: number;
}

/** One run in a list. Times are epoch ms. */
export interface RunSummary {
  readonly run: string;
  readonly ensemble: string;
  /** Relative to the project's root. */
  readonly file: string;
  readonly status: RunStatus;
  readonly started_at: number;
  readonly finished_at?: number;
  readonly duration_ms?: number;
  /** Of its last event: a run that is at work and says nothing for long may be stuck. */
  readonly last_event_at: number;
  /** 1; grows each time it is resumed after a crash. */
  readonly attempt: number;
  /** Agents that began. */
  readonly steps: number;
  /** The agent whose failure ended it. */
  readonly agent?: string;
  readonly failure?: Pick<Failure, 'code' | 'message'>;
  readonly waiting?: readonly WaitingSummary[];
  readonly forked_from?: string;
  readonly usage?: Usage;
}

export type WaitingSummary = Pick<
  Extract<RunEvent, { type: 'run.waiting' }>,
  'agent' | 'reason' | 'until' | 'prompt' | 'signal' | 'approvers'
>;

/** Runs by what they do now; those that are over, or lie on disk and wait for an alarm, are not alive. */
export interface Alive {
  readonly working: readonly string[];
  readonly waiting: readonly string[];
  /** When the first of the waiting ones goes on by itself, epoch ms. */
  readonly wakes_at?: number;
}
