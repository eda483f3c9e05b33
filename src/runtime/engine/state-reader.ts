import type { StateSession } from '../state/state-session.ts';
import type { StepContext } from './step-context.ts';

/** The reading side of a body's state. */
export type StateReader = Pick<StateSession, 'view' | 'snapshot' | 'isTainted'>;

/** What steps of this context read: the body's state as it is, or for what undoes an agent as it stood when that one had succeeded. */
export function readerOf({ stateAsItStood, body }: StepContext): StateReader {
  return stateAsItStood ?? body.state;
}
