import type { RunSummary } from '../../program/host-calls.ts';
import type { JsonSchema, JsonValue } from '../../program/json.ts';
import type { Program } from '../../program/program.ts';
import type { RunStatistics } from '../../program/run-statistics.ts';
import type { StateAsk, StateReply } from '../../program/state-calls.ts';
import { checkSchema } from '../../runtime/schema/check-schema.ts';
import { RemoteProblem } from './remote-problem.ts';
import { REPLY_SCHEMAS } from './reply-schemas.ts';

/** What the API says of one ensemble, as far as starting it needs it. */
export interface DeployedEnsemble {
  readonly id: string;
  readonly input?: JsonSchema;
}

/** What may be asked, with what comes back. */
type Replies = Plain & { readonly [Action in StateAsk['action'] as `state ${Action}`]: StateReply };
export type ReplyName = keyof Replies;

interface Plain {
  readonly ensemble: DeployedEnsemble;
  readonly ensembles: { readonly ensembles: readonly DeployedEnsemble[] };
  readonly started: { readonly run: string };
  readonly runs: { readonly runs: readonly RunSummary[]; readonly next_cursor?: string };
  /** Its `format` may be another one. */
  readonly program: Program;
  readonly statistics: RunStatistics;
}

/**
 * What the Worker at `origin` answered, when it is what this version expects there.
 * @throws RemoteProblem
 */
export function readReply<Name extends ReplyName>(name: Name, value: unknown, origin: string): Replies[Name] {
  const [problem] = checkSchema(REPLY_SCHEMAS[name] as JsonSchema, value as JsonValue);
  if (problem === undefined) return value as Replies[Name];
  throw new RemoteProblem(
    `${origin} answered with something that this version of ensemble does not understand: ${`${problem.path} ${problem.message}`.trim()}`,
  );
}
