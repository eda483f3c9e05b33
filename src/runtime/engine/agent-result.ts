import type { Failure } from '../../program/failure.ts';
import type { JsonValue } from '../../program/json.ts';
import type { HttpResponseInfo, Usage } from '../../program/run-event.ts';
import type { CodeLog } from '../ports.ts';

/** What an agent leaves behind for later expressions (LANGUAGE §2.1): a frozen object. */
export interface AgentResult {
  readonly output: JsonValue | undefined;
  readonly executed: boolean;
  readonly skipped: boolean;
  readonly success: boolean;
  readonly failed: boolean;
  /** The failure's message. */
  readonly error: string | undefined;
  readonly failure: { readonly code: string; readonly message: string; readonly attempt: number } | undefined;
  readonly cached: boolean;
  /** ms */
  readonly duration: number;
  readonly attempts: number;
  /** attempts − 1 */
  readonly retry_count: number;
  readonly outputs: readonly JsonValue[] | undefined;
  readonly tainted: boolean;
  readonly response: HttpResponseInfo | undefined;
  readonly usage: Usage | undefined;
  readonly model: string | undefined;
  readonly logs: readonly CodeLog[] | undefined;
}

/** What an action found out beside its output; a failed one may know some of it too. */
export interface ActionFacts {
  readonly response?: HttpResponseInfo | undefined;
  readonly usage?: Usage | undefined;
  readonly model?: string | undefined;
  readonly logs?: readonly CodeLog[] | undefined;
}

export interface AgentEnd extends ActionFacts {
  readonly output?: JsonValue | undefined;
  readonly failure?: Failure;
  readonly attempts: number;
  readonly durationMs: number;
  readonly tainted: boolean;
  readonly cached?: boolean | undefined;
  /** Of a loop. */
  readonly outputs?: readonly JsonValue[] | undefined;
}

export function buildAgentResult(end: AgentEnd): AgentResult {
  const { failure, attempts } = end;
  const failed = failure !== undefined;
  return seal({
    output: failed ? undefined : end.output,
    executed: true,
    skipped: false,
    success: !failed,
    failed,
    error: failed ? failure.message : undefined,
    failure: failed ? Object.freeze({ code: failure.code, message: failure.message, attempt: attempts }) : undefined,
    cached: end.cached === true,
    duration: end.durationMs,
    attempts,
    // What came from the cache was not tried at all.
    retry_count: Math.max(0, attempts - 1),
    outputs: failed ? undefined : end.outputs,
    tainted: end.tainted,
    response: end.response,
    usage: end.usage,
    model: end.model,
    logs: end.logs,
  });
}

export const SKIPPED_RESULT: AgentResult = seal({
  output: undefined,
  executed: false,
  skipped: true,
  success: false,
  failed: false,
  error: undefined,
  failure: undefined,
  cached: false,
  duration: 0,
  attempts: 0,
  retry_count: 0,
  outputs: undefined,
  tainted: false,
  response: undefined,
  usage: undefined,
  model: undefined,
  logs: undefined,
});

/** Of an agent that was skipped for what came from outside: that it was tells of it. */
export const TAINTED_SKIPPED_RESULT: AgentResult = seal({ ...SKIPPED_RESULT, tainted: true });

/** Frozen as data is; with the ordinary prototype, which expressions never see (they read own properties): without one V8 keeps an object as a hash table, five times as large. */
function seal(result: AgentResult): AgentResult {
  return Object.freeze(result);
}
