import { everyStep } from '../../../program/inner-steps.ts';
import type { Body, Step } from '../../../program/program.ts';
import { agentStep, everyStep as everyModel, type StepModel } from '../../model/step-model.ts';
import { type Access, ANY_BINDING, resultPath, STORAGE } from './access.ts';
import { AccessTracker } from './access-tracker.ts';
import { type AccessSite, stepAccesses } from './step-accesses.ts';

/**
 * For each step of a body the positions of the earlier ones that must be over before it begins, so that running independent steps side by side gives what running them in order
 * gives (LANGUAGE §6.3): those whose results it reads, earlier writers of the state that it reads, earlier readers and writers of the state that it sets, those that touch the same
 * storage, and what `depends_on` names. Steps that one of these waits for need not be listed. `models[i]` is what `steps[i]` was built from.
 */
export function findDependencies(
  steps: readonly Step[],
  models: readonly StepModel[],
  site: AccessSite,
): NonNullable<Body['dependencies']> {
  const tracker = new AccessTracker();
  const definers = new Map<string, number[]>();
  const accesses = knowBindings(steps.map((step) => stepAccesses(step, site)));
  return accesses.map((list, position) => {
    const found = new Set<number>();
    for (const access of list) tracker.add(access, position, found);
    for (const name of namesDependedOn(models[position])) {
      for (const definer of definers.get(name) ?? []) found.add(definer);
      tracker.add({ path: resultPath(name), mode: 'read' }, position, found);
    }
    for (const name of definedNames(steps[position])) {
      const known = definers.get(name);
      if (known === undefined) definers.set(name, [position]);
      else known.push(position);
    }
    return [...found].sort((left, right) => left - right);
  });
}

/** What `depends_on` names, of a step and of all that it holds. */
function namesDependedOn(model: StepModel | undefined): readonly string[] {
  const held = model === undefined ? [] : [...everyModel([model])].flatMap(withAgentOf);
  return held
    .flatMap((step) => (step.type === 'agent' ? step.agent.dependsOn : step.type === 'run' ? step.dependsOn : []))
    .map(({ text }) => text);
}

/** An entry of `flow:` waits for what its agent names too, and for what that one holds. */
function withAgentOf(step: StepModel): readonly StepModel[] {
  return step.type === 'run' && step.agent !== undefined ? [step, ...everyModel([agentStep(step.agent)])] : [step];
}

/** The agents that `flow:` runs under another name: `depends_on` may say their own. */
function definedNames(step: Step | undefined): readonly string[] {
  const held = step === undefined ? [] : [...everyStep([step])];
  return held.flatMap((one) => (one.type === 'agent' && one.definedAs !== undefined ? [one.definedAs] : []));
}

/**
 * Where some step uses the first binding of a kind, or one that an expression names, all bindings of that kind may be that one. Two states in such a binding are still told
 * apart by their keys.
 */
function knowBindings(lists: readonly (readonly Access[])[]): readonly (readonly Access[])[] {
  const open = new Set<string>();
  for (const { path } of lists.flat()) if (path[0] === STORAGE && path[2] === ANY_BINDING) open.add(path[1] ?? '');
  if (open.size === 0) return lists;
  const know = (access: Access): Access => {
    const [group = '', kind = '', binding, ...rest] = access.path;
    if (group !== STORAGE || binding === undefined || !open.has(kind)) return access;
    return { ...access, path: [group, kind, ANY_BINDING, ...rest] };
  };
  return lists.map((list) => list.map(know));
}
