import type { BodyContext } from './body-context.ts';
import type { Locals } from './locals.ts';
import type { Results } from './results.ts';
import type { RunContext } from './run-context.ts';
import type { StateReader } from './state-reader.ts';

/** Where steps run: what they see, where their results go, and what can stop them. A loop makes one for each iteration, a branch that may be cancelled its own. */
export interface StepContext {
  readonly run: RunContext;
  readonly body: BodyContext;
  readonly results: Results;
  readonly locals: Locals;
  /** Of what undoes an agent: the state that it reads (LANGUAGE §2.4). Absent = the body's as it is; what is set is set there in either case. */
  readonly stateAsItStood?: StateReader;
  /** Fires with a `RunStop`, with the TIMEOUT of an agent around the body, or with a `BranchCancelled`. */
  readonly signal: AbortSignal;
  /** The positions in the loops around, outermost first: `[3][0]`; empty outside of loops. */
  readonly iteration: string;
  /**
   * The positions in the steps around that run several things side by side, outermost first. Of two writes to one state key in such a step the one with the smaller
   * position counts as the earlier, whichever came first. Empty where nothing runs beside.
   */
  readonly order: readonly number[];
}
