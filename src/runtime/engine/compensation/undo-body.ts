import { FailureError } from '../../failure.ts';
import type { BodyContext } from '../body-context.ts';
import { commitFailedState, openBodyState } from '../body-state.ts';
import { undoLine } from '../replay/event-lines.ts';
import { runAgent } from '../run-agent.ts';
import type { RunContext } from '../run-context.ts';
import { type Compensation, CompensationLog } from './compensation-log.ts';

/**
 * Undoes what succeeded in an ensemble that failed or was stopped (LANGUAGE §2.4), what succeeded last first; true when there was anything.
 *
 * 1. Nothing stops it: neither the signal that stopped the ensemble nor its limits, in which it counts all the same.
 * 2. One that fails is journalled, and the rest still runs.
 * 3. What it sets goes to the body in which the agent was. One that is over has its state read again, since others have changed the scope meanwhile, and written as `persist`
 *    says. The ensemble's own state is left to the caller.
 */
export async function undoBody(body: BodyContext, run: RunContext): Promise<boolean> {
  const compensations = body.compensations.take();
  if (compensations.length === 0) return false;
  if (run.replay !== undefined) await run.replay.turn(undoLine(body.path));
  const where = body.path === '' ? {} : { agent: body.path };
  run.log.add({ type: 'run.compensating', agents: compensations.map(({ undoes }) => undoes), ...where });
  let defect: { readonly error: unknown } | undefined;
  for (const compensation of compensations) {
    const inner = compensation.context.body;
    try {
      if (inner.state === body.state) await compensate(compensation, inner);
      else await compensateLater(compensation, inner, run);
    } catch (error) {
      if (!(error instanceof FailureError)) defect ??= { error };
    }
    // As between any two steps: nobody gets far ahead of the journal.
    const { writing } = run.log;
    if (writing !== undefined) await writing;
  }
  if (defect !== undefined) throw defect.error;
  return true;
}

/** In a body that is over. */
async function compensateLater(compensation: Compensation, over: BodyContext, run: RunContext): Promise<void> {
  const body = await reopen(over, run);
  try {
    await compensate(compensation, body);
  } finally {
    await commitFailedState(body, run);
  }
}

async function reopen(body: BodyContext, run: RunContext): Promise<BodyContext> {
  const { backend, persist } = body.body.state;
  // Nothing that is set now would be kept.
  if (backend === 'memory' || persist === 'on_success') return body;
  try {
    const state = await openBodyState(body, run);
    // A key that chance or the clock had a say in names another scope by now.
    return state.scope === body.state.scope ? { ...body, state } : body;
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    const message = `The state could not be read again before undoing: ${error.failure.message}`;
    run.log.add({ type: 'warning', code: 'state-not-read', message, agent: body.path });
    return body;
  }
}

async function compensate({ step, undoes, context }: Compensation, state: BodyContext): Promise<void> {
  // What agents do to undo another one is not undone.
  const body = { ...state, limits: state.limits.lifted(), compensations: new CompensationLog() };
  await runAgent(step, { ...context, body, signal: new AbortController().signal }, undoes);
}
