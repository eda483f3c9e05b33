import type { FailureCode } from '../../program/failure.ts';

/** What to do about a failed run, by its code; for codes whose message says it already there is nothing here. */
export const FAILURE_HELP: Partial<Readonly<Record<FailureCode, string>>> = {
  INPUT_INVALID: 'compare the agent’s input with what the file it runs asks for under input',
  EXPRESSION: 'where a value may be missing, guard it with ?. or ??, or give it a default',
  EXPRESSION_LIMIT: 'do the heavy part in a code agent, which has no such limits',
  STATE_CONFLICT: 'run it again, or let the state merge: on_conflict: merge',
  OUTPUT_INVALID: 'compare the agent’s schema.output with what it returned; --json shows the output of every agent',
  TIMEOUT: 'raise the agent’s timeout (attempt: for one try, total: for all of them), or retry it: retry: { maxAttempts: 3 }',
  CPU_LIMIT:
    'look for a loop that does not end; work that takes long needs a larger timeout, or pauses: await new Promise((r) => setTimeout(r, 0))',
  MEMORY_LIMIT: 'work on less at a time (a loop over the items), and keep large data in storage',
  OUTPUT_TOO_LARGE: 'hand on less: keep large data in storage, and return its key',
  CODE_OUTPUT: 'return plain data: objects, lists, texts, numbers, booleans, null',
  HTTP_STATUS: 'list the status under expect when it is a good answer, retry it, or handle it: onError: continue',
  NETWORK: 'check the url and that the server is up; retry: { maxAttempts: 3 } helps against passing faults',
  LIMIT_DURATION: 'raise limits.max_duration',
  LIMIT_STEPS: 'raise limits.max_steps',
  LIMIT_TOKENS: 'raise limits.max_tokens',
  LIMIT_COST: 'raise limits.max_cost_usd',
  MAX_ITERATIONS: 'raise maxIterations, or see that something in the while makes its condition falsy',
  RECURSION: 'give the agent that runs its own file a condition which ends that, or use a while',
  BINDING_MISSING: 'name one that the wrangler configuration has, or add it there',
  INTERRUPTED: 'start the run again; ensemble show says how far it was',
};
