import type { Failure } from '../../program/failure.ts';
import { FailureError } from '../failure.ts';

/** What is known of a failure beside itself. */
export interface FailedFacts {
  /** The try, from 1, after which it stood. */
  readonly attempt: number;
  /** Whatever failed read something that came from outside (LANGUAGE §4.5), so its message may tell of it. */
  readonly tainted: boolean;
}

/** An agent, or a flow step by itself, failed and nothing handled it: ends the body around it. `agent` is the path of the innermost that failed. */
export class AgentFailed extends FailureError {
  readonly agent: string;
  readonly attempt: number;
  readonly tainted: boolean;
  constructor(failure: Failure, agent: string, { attempt, tainted }: FailedFacts = { attempt: 1, tainted: false }) {
    super(failure);
    this.name = 'AgentFailed';
    this.agent = agent;
    this.attempt = attempt;
    this.tainted = tainted;
  }
}
