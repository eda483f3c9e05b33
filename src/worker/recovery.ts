import type { Failure } from '../program/failure.ts';
import { WORKER_BINDINGS } from '../program/host-protocol.ts';
import type { WorkerEnv } from './worker-env.ts';

/** How often a run is resumed that does not get further: what it does may be what ends the process. */
export const TRIES_ALLOWED = 3;

/** `atWork`: paths of the agents that had begun and not ended. */
export function recoveryFailure(atWork: readonly string[]): Failure {
  const what =
    atWork.length === 0 ? '' : ` while ${atWork.map((path) => `"${path}"`).join(', ')} ${atWork.length === 1 ? 'was' : 'were'} at work`;
  const message = `The run was resumed ${TRIES_ALLOWED} times without getting further: each time the process that ran it ended${what}.`;
  return { code: 'RECOVERY', message, retryable: false };
}

/** One attempt that the host ended, with the runtime in which it was. */
interface Verdict {
  readonly run: string;
  readonly agent: string;
  readonly failure: Failure;
}

export interface Verdicts {
  /** By the path of the agent: what its attempt fails with. */
  readonly own: ReadonlyMap<string, Failure>;
  /** The runtime was ended because of other runs: that this one did not get further is not its doing. */
  readonly othersOnly: boolean;
}

const NONE: Verdicts = { own: new Map(), othersOnly: false };
/** A verdict is about the process before this one: it counts once. */
const told = new Set<string>();

/** What the host's watchdog found (WORKER_BINDINGS.verdicts), the first time that this process is asked for the run. */
export function takeVerdicts(run: string, env: WorkerEnv): Verdicts {
  const text = env[WORKER_BINDINGS.verdicts];
  if (text === undefined || told.has(run)) return NONE;
  told.add(run);
  const verdicts = JSON.parse(text) as readonly Verdict[];
  const own = verdicts.filter((verdict) => verdict.run === run);
  return { own: new Map(own.map(({ agent, failure }) => [agent, failure])), othersOnly: verdicts.length > 0 && own.length === 0 };
}
