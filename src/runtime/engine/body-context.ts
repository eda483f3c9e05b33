import type { JsonObject, JsonValue } from '../../program/json.ts';
import type { Body } from '../../program/program.ts';
import type { Scope } from '../expression/scope.ts';
import type { StateSession } from '../state/state-session.ts';
import type { AgentResult } from './agent-result.ts';

/** What a body is run with. */
export interface BodyCall {
  readonly body: Body;
  /** The path of the agent whose file it is; `''` for the ensemble. */
  readonly path: string;
  readonly input: JsonValue;
  readonly inputTainted: boolean;
  /** Absent inside agent files. */
  readonly trigger: JsonValue | undefined;
  /** Fires with a `RunStop`, or with the TIMEOUT of an agent around this body. */
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

/** One body that is running: the ensemble itself or an agent file. Roots of expressions inside are its own. */
export interface BodyContext extends BodyCall {
  readonly state: StateSession;
  /** Latest results by agent name; an agent that has not run is absent. */
  readonly results: Map<string, AgentResult>;
}
