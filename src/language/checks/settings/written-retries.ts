import type { RetryPlan } from '../../../program/program.ts';
import type { Located, LocatedEntry, LocatedMapping } from '../../document/located.ts';
import type { AgentModel } from '../../model/body-model.ts';
import { Fields } from '../../model/fields.ts';
import type { ParsedBody } from '../../model/parsed-body.ts';
import { everyStep } from '../../model/step-model.ts';

/** The `retry:` of an agent, or of an entry of `flow:` that runs it, as it is written, and what it means. */
export interface WrittenRetry {
  readonly agent: AgentModel;
  readonly plan: RetryPlan;
  /** The entry `retry:`. */
  readonly entry: LocatedEntry;
  /** Its settings; of `retry: 3` there are none. */
  readonly fields: Fields;
  /** The items of `retryOn`. */
  readonly retryOn: readonly Located[];
}

/** Every `retry:` that has a value. */
export function writtenRetries({ model }: ParsedBody): readonly WrittenRetry[] {
  const own = model.agents.flatMap((agent) => readRetries(agent, agent.retry, agent.source));
  const inFlow = [...everyStep(model.flow ?? [])].flatMap((step) =>
    step.type === 'run' && step.agent !== undefined && step.retry !== undefined ? readRetries(step.agent, step.retry, step.source) : [],
  );
  return [...own, ...inFlow];
}

function readRetries(agent: AgentModel, plan: RetryPlan, source: LocatedMapping): readonly WrittenRetry[] {
  const fields = new Fields(source);
  const entry = fields.entry('retry');
  if (entry === undefined || fields.value('retry') === undefined) return [];
  const settings = new Fields(entry.value);
  return [{ agent, plan, entry, fields: settings, retryOn: settings.list('retryOn', 'retry_on') }];
}
