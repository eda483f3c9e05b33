import type { Host } from '../../node/host.ts';
import { ProjectProblem } from '../../node/project-problem.ts';
import type { StateAsk, StateReply } from '../../program/state-calls.ts';

type ReplyType = Exclude<StateReply['type'], 'refused'>;

/**
 * Asks the host about state across runs.
 * @throws ProjectProblem with the host's own words when it refuses.
 */
export async function askState<Type extends ReplyType>(
  host: Host,
  ask: StateAsk,
  ...expected: readonly Type[]
): Promise<Extract<StateReply, { readonly type: Type }>> {
  const reply = await host.call('state', ask);
  if (reply.type === 'refused') throw new ProjectProblem(reply.message);
  if (!expected.some((type) => type === reply.type)) throw new Error(`the host answered ${ask.action} with ${reply.type}`);
  return reply as Extract<StateReply, { readonly type: Type }>;
}
