import { FailureError } from '../../failure.ts';
import type { SideBySideWrites } from '../../state/state-session.ts';
import { noteStateSecrets } from '../secret-state.ts';
import type { StepContext } from '../step-context.ts';

export interface WritePlace {
  /** The path of the step that runs several things side by side. */
  readonly path: string;
  /** What the `order` of each of them begins with. */
  readonly place: readonly number[];
}

/**
 * Runs what a step runs side by side, and puts what that wrote to the state into the order of positions when all of it is over (LANGUAGE §4.4), whether it succeeded or
 * not. Throws what `act` throws, else STATE_TYPE when the writes do not fit in that order.
 */
export async function inWriteOrder(context: StepContext, { path, place }: WritePlace, act: () => Promise<void>): Promise<void> {
  const writes = context.body.state.sideBySide(path, place);
  try {
    await act();
  } catch (error) {
    try {
      settle(context, path, writes);
    } catch (problem) {
      // The state is left as it is: what ended the step is told.
      if (!(problem instanceof FailureError)) throw problem;
    }
    throw error;
  }
  settle(context, path, writes);
}

function settle({ run, body }: StepContext, path: string, writes: SideBySideWrites): void {
  const set = writes.end();
  if (set === undefined) return;
  noteStateSecrets(body.state, run.redactor);
  run.log.add({ type: 'state.set', agent: path, values: set.values, writes: set.writes, tainted: set.tainted });
}
