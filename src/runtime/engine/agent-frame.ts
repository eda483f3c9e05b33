import type { AgentStep } from '../../program/program.ts';
import type { Scope } from '../expression/scope.ts';
import type { PreparedAgent } from './prepare-agent.ts';
import type { AgentRecord } from './replay/agent-records.ts';
import type { StepContext } from './step-context.ts';

/** One agent that is running, from its start to its end. */
export interface AgentFrame {
  readonly step: AgentStep;
  readonly prepared: PreparedAgent;
  readonly context: StepContext;
  /** As events name it. */
  readonly path: string;
  /** Its path, and which start of that this is: the same in each life of the run. */
  readonly start: string;
  /** The scope of `condition`, `input` and `state.set`: `input` is the body's own. */
  readonly scope: Scope;
  /** The path of the agent that this one undoes (LANGUAGE §2.4). */
  readonly undoes: string | undefined;
  /** Epoch ms. */
  readonly startedAt: number;
  /** It reads something tainted, or its operation taints what it brings in. */
  readonly tainted: boolean;
  /** What is recorded of it, in a resumed run. */
  readonly record?: AgentRecord | undefined;
  /** Tries begun so far: what a run that stops meanwhile says of it. */
  readonly progress: { attempts: number };
}
