import type { RetryPlan } from '../../../program/program.ts';
import type { LocatedEntry, LocatedMapping } from '../../document/located.ts';
import type { TimeoutModel } from '../../model/body-model.ts';
import { Fields } from '../../model/fields.ts';
import type { ParsedBody } from '../../model/parsed-body.ts';
import { everyStep } from '../../model/step-model.ts';

/** The `timeout:` of an agent, or of an entry of `flow:` that runs one, as it is written, and what it means. */
export interface WrittenTimeout {
  /** The agent's name, or what the entry calls it. */
  readonly name: string;
  readonly timeout: TimeoutModel;
  /** How often the agent is tried where the timeout holds. */
  readonly retry: RetryPlan;
  /** The entry `timeout:`. */
  readonly entry: LocatedEntry;
  /** `attempt` and `total`; of `timeout: 30s` there are none. */
  readonly fields: Fields;
}

/** Every `timeout:` that has a value. */
export function writtenTimeouts({ model }: ParsedBody): readonly WrittenTimeout[] {
  const own = model.agents.flatMap(({ name, timeout, retry, source }) => readTimeouts(name.text, timeout, retry, source));
  const inFlow = [...everyStep(model.flow ?? [])].flatMap((step) => {
    if (step.type !== 'run' || step.agent === undefined) return [];
    return readTimeouts(step.name.text, step.timeout, step.retry ?? step.agent.retry, step.source);
  });
  return [...own, ...inFlow];
}

function readTimeouts(
  name: string,
  timeout: TimeoutModel | undefined,
  retry: RetryPlan,
  source: LocatedMapping,
): readonly WrittenTimeout[] {
  const entry = new Fields(source).entry('timeout');
  return entry === undefined || timeout === undefined ? [] : [{ name, timeout, retry, entry, fields: new Fields(entry.value) }];
}
