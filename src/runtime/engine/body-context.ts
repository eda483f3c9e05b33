import type { JsonObject, JsonValue } from '../../program/json.ts';
import type { Body, StatePlan } from '../../program/program.ts';
import type { Scope } from '../expression/scope.ts';
import type { StateBackend } from '../state/backend.ts';
import type { StateSession } from '../state/state-session.ts';
import type { CompensationLog } from './compensation/compensation-log.ts';
import type { RunLimits } from './run-limits.ts';

/** What a body is run with. */
export interface BodyCall {
  readonly body: Body;
  /** An ensemble that fails undoes what succeeded in it (LANGUAGE §2.4); an agent file is a part of whoever runs it. */
  readonly kind: 'ensemble' | 'agent';
  /** The path of the agent whose file it is; `''` for the ensemble. */
  readonly path: string;
  /** How many bodies lie around it: 0 for the ensemble. */
  readonly depth: number;
  /** Something else of the run may be at work at the same time. */
  readonly beside: boolean;
  readonly input: JsonValue;
  readonly inputTainted: boolean;
  /** Absent inside agent files and ensembles that others run. */
  readonly trigger: JsonValue | undefined;
  /** The root `run` of its expressions (LANGUAGE §3.2). */
  readonly root: JsonObject;
  /** Where it notes what undoes its agents: its own when it is an ensemble, that of the one around it when it is an agent file. */
  readonly compensations: CompensationLog;
  /** What its agents use counts against these: those of the ensemble around it. */
  readonly limits: RunLimits;
  /**
   * Where its state lives. State in memory lasts as long as the ensemble runs, for the agent files in it too: one that another runs begins without any, each time and whatever
   * runs beside it. Throws BINDING_MISSING.
   */
  readonly stateBackend: (plan: StatePlan) => StateBackend;
  /** Fires with a `RunStop`, with the TIMEOUT of an agent around this body, or with a `BranchCancelled`. */
  readonly signal: AbortSignal;
  /** Called once the state is open, before the first step, with a scope that reads all of it. */
  opened?(scope: Scope): void;
}

/** How a body ended that did not fail. */
export interface BodyEnd {
  readonly output: JsonValue | undefined;
  readonly tainted: boolean;
  /** Of the first response block that matched (LANGUAGE §7). */
  readonly response?: { readonly status?: number; readonly headers?: JsonObject };
}

/** One body that is running: the ensemble itself, an agent file or an ensemble that it runs. Roots of expressions inside are its own. */
export interface BodyContext extends BodyCall {
  readonly state: StateSession;
}
