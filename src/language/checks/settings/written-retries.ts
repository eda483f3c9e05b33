import type { RetryPlan } from '../../../program/program.ts';
import type { Located, LocatedEntry } from '../../document/located.ts';
import type { AgentModel } from '../../model/body-model.ts';
import { Fields } from '../../model/fields.ts';
import type { ParsedBody } from '../../model/parsed-body.ts';

/** The `retry:` of an agent as it is written, and what it means. */
export interface WrittenRetry {
  readonly agent: AgentModel;
  readonly plan: RetryPlan;
  /** The entry `retry:` of the agent. */
  readonly entry: LocatedEntry;
  /** Its settings; of `retry: 3` there are none. */
  readonly fields: Fields;
  /** The items of `retryOn`. */
  readonly retryOn: readonly Located[];
}

/** Every `retry:` of an agent that has a value. */
export function writtenRetries({ model }: ParsedBody): readonly WrittenRetry[] {
  return model.agents.flatMap((agent): readonly WrittenRetry[] => {
    const source = new Fields(agent.source);
    const entry = source.entry('retry');
    if (entry === undefined || source.value('retry') === undefined) return [];
    const fields = new Fields(entry.value);
    return [{ agent, plan: agent.retry, entry, fields, retryOn: fields.list('retryOn', 'retry_on') }];
  });
}
