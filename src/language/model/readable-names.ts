import type { BodyModel } from './body-model.ts';
import type { Word } from './fields.ts';
import { everyStep } from './step-model.ts';

/** A name that the file gives, and what to. */
export interface GivenName {
  readonly of: 'agent' | 'flow step' | 'id';
  readonly word: Word;
}

/** Every name that a body gives to agents, to flow steps, and by an `id` to entries of `flow:`; agents first, each group in the order of the file. */
export function givenNames({ agents, steps, flow = [] }: BodyModel): readonly GivenName[] {
  const names: GivenName[] = agents.filter(({ named }) => named).map(({ name }) => ({ of: 'agent', word: name }));
  for (const step of everyStep([...steps, ...flow])) {
    if (step.type === 'agent') continue;
    const word = step.type === 'run' ? step.id : step.name;
    if (word !== undefined) names.push({ of: step.type === 'run' ? 'id' : 'flow step', word });
  }
  return names;
}

/**
 * The names beside the roots that expressions of a body may read. What an entry of `flow:` calls an agent is known although no agent may have the name: that
 * is reported where it stands.
 */
export function readableNames(model: BodyModel): ReadonlySet<string> {
  const names = new Set(givenNames(model).map(({ word }) => word.text));
  for (const step of everyStep(model.flow ?? [])) if (step.type === 'run') names.add(step.name.text);
  return names;
}
