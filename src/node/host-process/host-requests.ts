import type { CompiledEnsemble } from '../compile-ensemble.ts';
import type { HostNotice } from '../host-notice.ts';

/** The requests that a host process answers itself; all others of HOST_ROUTES it hands to its worker. */
export const PROCESS_ROUTES = {
  /** POST `HostNeeds`: answers with `Prepared` once the worker has them. */
  prepare: '/__ensemble/host/prepare',
  /** POST `CompileAsk`: answers with `CompileAnswer`. */
  compile: '/__ensemble/host/compile',
  /** GET: `HostStatus`. */
  status: '/__ensemble/host/status',
  /** POST `StopAsk`: answers with `StopReply` at once; the process ends a little later. */
  stop: '/__ensemble/host/stop',
  /** POST `FireAsk`: answers with `FireReply`. Only `ensemble dev` has it. */
  fire: '/__ensemble/host/fire',
} as const;

/** On an answer that says only that the question was not, or perhaps not, acted on: `leaving` and `unsent` = it was not; `lost` = nobody knows. */
export const LOSS_HEADER = 'x-ensemble-loss';
export type Loss = 'leaving' | 'unsent' | 'lost';

export type Prepared =
  | { readonly type: 'ready'; readonly notices: readonly HostNotice[] }
  /** What has to be put right in the project; a `ProjectProblem` in the host process. */
  | { readonly type: 'problem'; readonly notices: readonly HostNotice[]; readonly message: string };

export interface CompileAsk {
  /** As on a command line. */
  readonly reference: string;
  /** Absolute. */
  readonly cwd: string;
}

export type CompileAnswer =
  | { readonly type: 'compiled'; readonly compiled: CompiledEnsemble }
  /** It would keep the host too long. */
  | { readonly type: 'too-long' }
  /** A `ReferenceProblem` or `ProjectProblem` in the host process. */
  | { readonly type: 'reference' | 'project'; readonly message: string };

export interface StopAsk {
  /** How long runs that are at work may go on before they are cut. */
  readonly wait_ms: number;
  /** Leaves the host alone when it has something to do. */
  readonly only_idle?: boolean;
}

export type StopReply =
  | { readonly type: 'leaving' }
  | { readonly type: 'busy'; readonly runs: readonly string[]; readonly clients: number };

/** What `ensemble host status` shows. Times are epoch ms. */
export interface HostStatus {
  readonly pid: number;
  readonly version: string;
  readonly started_at: number;
  readonly uptime_ms: number;
  readonly data_folder: string;
  readonly socket: string;
  readonly log_file: string;
  /** Commands that are connected, without the one that asks. */
  readonly clients: number;
  /** Ids of runs. */
  readonly working: readonly string[];
  readonly waiting: readonly string[];
  readonly workerd?: { readonly pid: number; readonly rss_bytes?: number };
  /** What `ensemble dev` serves; absent in every other host. */
  readonly url?: string;
}

/** What a host process tells the process that started it, until it is ready. */
export type StartMessage =
  | { readonly type: 'notice'; readonly notice: HostNotice }
  | { readonly type: 'ready' }
  | { readonly type: 'problem'; readonly message: string }
  | { readonly type: 'defect'; readonly message: string };
