import type { JsonValue } from '../program/json.ts';
import { createRunId } from '../program/run-id.ts';
import { claim } from './claims/claim.ts';
import type { DeployedEnsemble } from './deployment.ts';
import { openRun } from './open-run.ts';
import type { WorkerEnv } from './worker-env.ts';

export interface StartOptions {
  readonly input: JsonValue;
  /** What `trigger` is in the run's expressions; what comes from there is tainted. */
  readonly trigger: JsonValue;
  /** Its id, when whoever asks has given it out already. */
  readonly run?: string;
  /** Whoever comes with the same key again gets the run that the first one started. */
  readonly claim?: { readonly key: string; readonly fingerprint: string; readonly ttlMs: number };
}

/** `mismatch`: the key was used before, for something else. */
export type StartedEnsemble = { readonly type: 'started' | 'repeated' | 'mismatch'; readonly run: string };

/** Starts a run of an ensemble of this Worker. The run is on disk when this resolves. Check its input before (`checkRunInput`, `findInputProblem`): a run of a wrong one begins, and fails. */
export async function startEnsemble(env: WorkerEnv, ensemble: DeployedEnsemble, options: StartOptions): Promise<StartedEnsemble> {
  let run = options.run ?? createRunId(Date.now());
  let type: StartedEnsemble['type'] = 'started';
  if (options.claim !== undefined) {
    const claimed = await claim(env, { ...options.claim, run });
    if (claimed.fingerprint !== options.claim.fingerprint) return { type: 'mismatch', run: claimed.run };
    if (!claimed.fresh) type = 'repeated';
    run = claimed.run;
  }
  const { default: program } = await ensemble.load();
  const request = { run, input: options.input, trigger: options.trigger, vars: {}, secretVars: [] };
  // Also when it was claimed before: whoever did so may have been cut off before it began.
  await openRun(env, run).start(JSON.stringify({ program, request }));
  return { type, run };
}
