import type { AnswerOutcome, ApprovalAnswer } from '../../program/approval.ts';
import type { Failure } from '../../program/failure.ts';
import type { JsonValue } from '../../program/json.ts';
import type { Program } from '../../program/program.ts';
import type { RunEvent } from '../../program/run-event.ts';
import type { RunRequest } from '../../program/run-request.ts';
import type { Secret } from '../../program/secret.ts';

/** Where an instance asks the object of its run for a life: POST, the body is the life's name. No request from outside gets there. */
export const LIFE_PATH = '/workflow-life';

/** Where it sends events that are too long for a call: POST `?life=`. */
export const EVENTS_PATH = '/workflow-events';

/** The instances of one run: the first has its id. `number`: how many came before. */
export function instanceId(run: string, number: number): string {
  return number === 0 ? run : `${run}-${number}`;
}

/** What an instance needs to go on with its run, or to begin it. */
export interface GivenLife {
  readonly program: Program;
  readonly request: RunRequest;
  readonly recorded: readonly RunEvent[];
  readonly secretsBefore: readonly Secret[];
  readonly verdicts: readonly (readonly [agent: string, Failure])[];
  /** Why, of a run that was cancelled and is still to be stopped. */
  readonly cancelled?: string | undefined;
}

/** `over`: nothing is to be done for the run any more, or not by this instance. */
export type LifeAnswer = { readonly type: 'life'; readonly life: GivenLife } | { readonly type: 'over' };

/** `gone`: another life of the run has begun, or it is over. `lonely`: the object has lost its link to the life, and takes one. */
export type AppendOutcome = 'written' | 'lonely' | 'gone';

/** How the object of a run reaches the engine that is at work on it in an instance: an RPC target of that. */
export interface LifeLink {
  answer(agent: string, answer: ApprovalAnswer): Promise<AnswerOutcome>;
  signal(name: string, data: JsonValue | undefined): Promise<boolean>;
  pause(reason: string | undefined): Promise<boolean>;
  continue(): Promise<boolean>;
  cancel(reason: string): Promise<void>;
}
