import { FailureError } from '../../failure.ts';
import type { BodyContext } from '../body-context.ts';
import { commitFailedState } from '../body-state.ts';
import { journalPause } from '../journal-pause.ts';
import { runAgent } from '../run-agent.ts';
import type { RunContext } from '../run-context.ts';
import { type Compensation, CompensationLog } from './compensation-log.ts';

/**
 * Undoes what succeeded in an ensemble that failed or was stopped (LANGUAGE §2.4), what succeeded last first; true when there was anything.
 *
 * 1. Nothing stops it: neither the signal that stopped the ensemble nor its limits, in which it counts all the same.
 * 2. One that fails is journalled, and the rest still runs.
 * 3. What it sets goes to the body in which the agent was; one that is over is written again as `persist` says. The ensemble's own state is left to the caller.
 */
export async function undoBody(body: BodyContext, run: RunContext): Promise<boolean> {
  const compensations = body.compensations.take();
  if (compensations.length === 0) return false;
  const where = body.path === '' ? {} : { agent: body.path };
  run.log.add({ type: 'run.compensating', agents: compensations.map(({ undoes }) => undoes), ...where });
  let defect: { readonly error: unknown } | undefined;
  const bodies = new Map([[body.state, body]]);
  for (const compensation of compensations) {
    try {
      await compensate(compensation);
    } catch (error) {
      if (!(error instanceof FailureError)) defect ??= { error };
    }
    const inner = compensation.context.body;
    bodies.set(inner.state, inner);
    const pause = journalPause({ run, body, order: [] });
    if (pause !== undefined) await pause;
  }
  bodies.delete(body.state);
  for (const inner of bodies.values()) await commitFailedState(inner, run);
  if (defect !== undefined) throw defect.error;
  return true;
}

async function compensate({ step, undoes, context }: Compensation): Promise<void> {
  // What agents do to undo another one is not undone.
  const body = { ...context.body, limits: context.body.limits.lifted(), compensations: new CompensationLog() };
  await runAgent(step, { ...context, body, signal: new AbortController().signal }, undoes);
}
