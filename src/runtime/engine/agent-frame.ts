import type { AgentStep } from '../../program/program.ts';
import type { Scope } from '../expression/scope.ts';
import type { BodyContext } from './body-context.ts';
import type { PreparedAgent } from './prepare-agent.ts';
import type { RunContext } from './run-context.ts';

/** One agent that is running, from its start to its end. */
export interface AgentFrame {
  readonly step: AgentStep;
  readonly prepared: PreparedAgent;
  readonly body: BodyContext;
  readonly run: RunContext;
  /** The scope of `condition`, `input` and `state.set`: `input` is the body's own. */
  readonly scope: Scope;
  /** Epoch ms. */
  readonly startedAt: number;
  /** It reads something tainted, or its operation taints what it brings in. */
  readonly tainted: boolean;
  /** Tries begun so far: what a run that stops meanwhile says of it. */
  readonly progress: { attempts: number };
}
