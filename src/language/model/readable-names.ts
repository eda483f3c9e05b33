import type { BodyModel } from './body-model.ts';
import { everyStep } from './step-model.ts';

/** The names beside the roots that expressions of a body may read: of its agents, of its flow steps, and the ids that `flow:` gives. */
export function readableNames({ agents, steps, flow = [] }: BodyModel): ReadonlySet<string> {
  const names = new Set(agents.filter(({ named }) => named).map(({ name }) => name.text));
  for (const step of everyStep([...steps, ...flow])) if (step.type !== 'agent' && step.name !== undefined) names.add(step.name.text);
  return names;
}
