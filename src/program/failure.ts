import type { JsonValue } from './json.ts';

/**
 * What went wrong in a run, as data. `code` is stable and listed in docs/failures.md; whether another attempt may help is
 * decided by `retryable` alone, never by the text. `status` is the HTTP status for `HTTP_STATUS`; `retryAfterMs` the server's wish.
 */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly status?: number;
  readonly retryAfterMs?: number;
  readonly details?: JsonValue;
}

/** Every code that a run can fail with, and what it means. docs/failures.md is generated from this table. */
export const FAILURE_CODES = {
  INPUT_INVALID: 'The input does not satisfy the ensemble’s or agent file’s `input`.',
  CONFIG_INVALID: 'An agent’s config, once its expressions were evaluated, is not what the operation takes.',
  EXPRESSION: 'An expression could not be evaluated (a method of a missing value, a wrong argument).',
  EXPRESSION_LIMIT: 'An expression went beyond a limit of LANGUAGE §3.4 (steps, string or list size).',
  STATE_TYPE: 'A value written to the state does not match its schema, or its key is not declared.',
  STATE_CONFLICT: 'Another run changed the same state scope and `on_conflict` is `fail`.',
  STATE_BACKEND: 'The state could not be read from or written to its backend.',
  OUTPUT_INVALID: 'An agent’s output does not satisfy its `schema.output`.',
  TAINTED: 'The agent has `reject_tainted: true` and read a tainted value.',
  TIMEOUT:
    'The attempt took longer than the agent’s `timeout` and was cancelled; with no limit around it, a request longer than 5 minutes, a model than 10.',
  CODE_ERROR: 'The code agent threw.',
  CODE_OUTPUT: 'The code agent returned something that JSON cannot hold.',
  CODE_GONE: 'The Worker that goes on with the run was deployed since, without the code that the run began with.',
  OUTPUT_TOO_LARGE: 'An output is larger than the engine keeps (8 MiB), or what a code agent reads larger than its isolate takes (31 MiB).',
  HTTP_STATUS: 'The server answered with a status that `expect` does not list.',
  HTTP_BODY: 'The response body could not be read (cut off, too large, not the JSON that it says it is).',
  NETWORK: 'The request could not be sent or its answer not received.',
  ADDRESS_REFUSED:
    'The address, or one that a redirect leads to, may not be reached: `allow_hosts` does not list its host, or a deployed Worker keeps away from it.',
  STORAGE: 'KV, D1 or R2 refused the operation.',
  BINDING_MISSING: 'The binding that the agent names does not exist.',
  MODEL: 'The model provider answered with an error.',
  MODEL_OUTPUT: 'The model’s answer does not satisfy the schema.',
  ASSERTION: 'An `assert` agent’s `that` was falsy.',
  APPROVAL_TIMEOUT: 'Nobody answered an `approval` within its `timeout`.',
  SIGNAL_TIMEOUT: 'The signal that a `wait` waits for did not come within its `timeout`.',
  CPU_LIMIT:
    'The code agent computed without a pause for longer than its `timeout` (5 minutes at most; 30 seconds without one), and was ended.',
  MEMORY_LIMIT: 'The code agent took more than 1 GiB of memory, or 384 MiB with its JavaScript values alone, and was ended.',
  LIMIT_DURATION: 'The run took longer than `limits.max_duration`.',
  LIMIT_STEPS: 'The run took more steps than `limits.max_steps`.',
  LIMIT_TOKENS: 'The run used more tokens than `limits.max_tokens`.',
  LIMIT_COST: 'The run cost more than `limits.max_cost_usd`.',
  MAX_ITERATIONS: 'A `while` went on for as many rounds as its `maxIterations` allows (1,000 unless it says).',
  RECURSION: 'Ensembles and agent files run each other more than 16 levels deep.',
  CANCELLED: 'The run, or the branch in which the agent was at work, was cancelled.',
  UNSUPPORTED: 'The host lacks something that the program needs.',
  WORKFLOW: 'Cloudflare Workflows gave up a step of the run, which says why (`engine: workflows` only).',
  RECOVERY: 'The run was resumed three times without getting further: each time the process that ran it ended.',
  INTERRUPTED: 'The process that ran the ensemble ended before the run did, and the run was not resumed.',
  DEFECT: 'A fault of Ensemble itself, not of the file or its data.',
} as const;
export type FailureCode = keyof typeof FAILURE_CODES;
