import type { JsonValue } from '../../../program/json.ts';
import { createRunId } from '../../../program/run-id.ts';
import { startEnsemble } from '../../start-ensemble.ts';
import { warnOperator } from '../../warn-operator.ts';
import type { WorkerEnv } from '../../worker-env.ts';
import { findInputProblem } from '../find-input-problem.ts';
import type { DeployedTrigger } from '../find-triggers.ts';
import { waitForFate } from '../run-fate.ts';
import { batchPayload, messagePayload, readMessageBody } from './message-payload.ts';
import { takeMessage } from './take-message.ts';

/** `done`: nothing is left to do for it. `refused`: the ensemble does not take it, now or later. */
export type MessageEnd = 'done' | 'failed' | 'refused';

export interface Consumption {
  readonly trigger: DeployedTrigger<'queue'>;
  readonly queue: string;
  readonly messages: readonly Message[];
  readonly env: WorkerEnv;
  /** Runs are waited for until then, epoch ms. */
  readonly until: number;
}

/** Runs an ensemble for messages, `batch_size` of them at a time; one that comes again runs by itself, so that it cannot take others down with it. How each ended, by its id. Never rejects. */
export async function consumeMessages(consumption: Consumption): Promise<ReadonlyMap<string, MessageEnd>> {
  const { trigger, queue, messages } = consumption;
  const readable = messages.filter(({ body }) => readMessageBody(body) !== undefined);
  const ends = new Map<string, MessageEnd>(messages.map(({ id }) => [id, 'refused']));
  const groups = [
    ...inGroups(
      readable.filter(({ attempts }) => attempts === 1),
      trigger.plan.batchSize,
    ),
    ...inGroups(
      readable.filter(({ attempts }) => attempts !== 1),
      1,
    ),
  ];
  await Promise.all(
    groups.map(async (group) => {
      let concerned = group;
      try {
        concerned = withoutRefused(group, consumption);
        if (concerned.length > 0) await runFor(concerned, ends, consumption);
      } catch (error) {
        for (const { id } of concerned) ends.set(id, 'failed');
        warnOperator(
          `${trigger.ensemble.id} was not run for messages of the queue ${queue}: ${error instanceof Error ? error.message : 'an unknown error'}`,
        );
      }
    }),
  );
  for (const [id, end] of ends)
    if (end === 'refused') warnOperator(`${trigger.ensemble.id} does not take the message ${id} of the queue ${queue}.`);
  return ends;
}

function inGroups(messages: readonly Message[], size: number): readonly (readonly Message[])[] {
  const groups: Message[][] = [];
  for (let start = 0; start < messages.length; start += size) groups.push(messages.slice(start, start + size));
  return groups;
}

/** A message that the ensemble does not take is found by looking at each alone: it must not keep its neighbours from their run. */
function withoutRefused(group: readonly Message[], consumption: Consumption): readonly Message[] {
  if (isAccepted(group, consumption)) return group;
  if (group.length === 1) return [];
  const rest = group.filter((message) => isAccepted([message], consumption));
  return rest.length > 0 && isAccepted(rest, consumption) ? rest : [];
}

function isAccepted(group: readonly Message[], consumption: Consumption): boolean {
  return findInputProblem(consumption.trigger.ensemble, payloadOf(group, consumption).input) === undefined;
}

function payloadOf(group: readonly Message[], { trigger, queue }: Consumption): { readonly input: JsonValue; readonly trigger: JsonValue } {
  const [message] = group;
  return trigger.plan.batchSize === 1 && message !== undefined ? messagePayload(message, queue) : batchPayload(group, queue);
}

/** One run for those that no other run has or had, and the ends of the others' runs. */
async function runFor(group: readonly Message[], ends: Map<string, MessageEnd>, consumption: Consumption): Promise<void> {
  const { trigger, queue, env, until } = consumption;
  const own = createRunId(Date.now());
  const prefix = `queue:${trigger.ensemble.id}:${trigger.index}:${queue}`;
  const taken = await Promise.all(group.map(async ({ id }) => takeMessage(env, `${prefix}:${id}`, own)));
  const mine = group.filter((_, index) => taken[index] === own);
  if (mine.length > 0) await startEnsemble(env, trigger.ensemble, { run: own, ...payloadOf(mine, consumption) });
  const runs = [...new Set(taken)];
  const fates = new Map(await Promise.all(runs.map(async (run) => [run, await waitForFate(env, run, until)] as const)));
  group.forEach(({ id }, index) => {
    const fate = fates.get(taken[index] ?? own);
    // Who cancels a run does not want another one.
    ends.set(id, fate === 'failed' || fate === 'unknown' ? 'failed' : 'done');
  });
}
