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
   * Where this stands among what runs side by side: for each step around that runs several things at once, outermost first, which such step of the run it is and the position
   * in it. Of two writes to one state key the one whose order is smaller (the first number in which they differ decides) counts as the earlier, whichever came first;
   * where one order is the beginning of the other nothing ran beside, and what came first is the earlier. Empty where nothing runs beside.
   */
  readonly order: readonly number[];
}
