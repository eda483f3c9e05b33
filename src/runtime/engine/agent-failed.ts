import type { Failure } from '../../program/failure.ts';
import { FailureError } from '../failure.ts';

/** An agent failed and nothing handled it: ends the body around it. `agent` is the path of the innermost agent that failed. */
export class AgentFailed extends FailureError {
  readonly agent: string;
  constructor(failure: Failure, agent: string) {
    super(failure);
    this.name = 'AgentFailed';
    this.agent = agent;
  }
}
