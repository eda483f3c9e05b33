import type { StatePlan } from '../../program/program.ts';
import type { Loaded } from './backend.ts';
import { LiveSession } from './live-session.ts';
import type { StateOptions, StateSession } from './state-session.ts';

/**
 * Reads a scope and gives a run its view of it (LANGUAGE §4.6: before the first agent). Throws STATE_BACKEND when it cannot be read,
 * STATE_TYPE when what is stored or what `initial` says does not match the schema.
 */
export async function openState(plan: StatePlan, options: StateOptions): Promise<StateSession> {
  return new LiveSession(plan, options, await options.backend.load(options.scope));
}

/** The same from a journal: `loaded` is the run's `state.loaded` event, the later events go through the session's `replay…` methods. */
export function restoreState(plan: StatePlan, options: StateOptions, loaded: Loaded): StateSession {
  return new LiveSession(plan, options, loaded);
}
