import type { JsonObject, JsonValue } from '../../../program/json.ts';
import type { AgentStep } from '../../../program/program.ts';
import type { Scope } from '../../expression/scope.ts';
import type { CodeLog } from '../../ports.ts';
import type { ActionFacts } from '../agent-result.ts';
import type { PreparedAgent } from '../prepare-agent.ts';
import type { AgentRecord } from '../replay/agent-records.ts';
import type { StepContext } from '../step-context.ts';

export interface ActionContext {
  readonly context: StepContext;
  /** As events name the agent. */
  readonly path: string;
  /** Which start of the agent it is, by a name of its own. */
  readonly start: string;
  readonly step: AgentStep;
  readonly prepared: PreparedAgent;
  /** The scope of config and code: `input` is the agent's own, where it has one. */
  readonly scope: Scope;
  /** The agent reads something tainted. */
  readonly tainted: boolean;
  /** What is recorded of it, in a resumed run. */
  readonly record?: AgentRecord | undefined;
}

export interface ActionResult extends ActionFacts {
  readonly output: JsonValue | undefined;
  /** What a code body passed to `setState`. */
  readonly setState?: JsonObject | undefined;
  /** The output is tainted even when nothing tainted was read. */
  readonly tainted?: boolean;
}

/** What an agent does, with all that it was given evaluated. */
export interface PreparedAction {
  readonly call: ActionCall;
  /** What the work is given: tells one output from another (LANGUAGE §2 `cache` without a `key`). */
  given(): JsonValue;
  /** What does the work, where that may change from one version of a file to the next. */
  worker?(): string | Promise<string>;
}

/** One try; called again, with the same evaluated config, for each further one. Throws `FailureError`. */
export type ActionCall = (signal: AbortSignal, announce: Announce) => ActionResult | Promise<ActionResult>;

/** Journals what a body has logged; nothing any more once the try is given up. */
export type Announce = (logs: readonly CodeLog[]) => void;
