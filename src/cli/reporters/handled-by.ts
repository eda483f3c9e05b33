import { findStep } from '../../program/find-step.ts';
import type { Program } from '../../program/program.ts';

/**
 * The step around a failed one that handles its failure, by its path: a `try`, a race that another branch may win, a flow step or an agent whose failure is asked for. Undefined when nothing does, and
 * the failure ends the run.
 */
export function handledBy(program: Program, path: string): string | undefined {
  for (let at = path; at !== ''; ) {
    const found = findStep(program, at);
    if (found === undefined) return undefined;
    for (const { step, block, path: outer } of found.around.toReversed()) {
      if (block.name === 'compensate') return undefined;
      const catches = step.type === 'try' && block.name === 'steps';
      // Another branch may succeed yet; when none does, that of the step is told as a failure of its own.
      const races = step.type === 'parallel' && step.waitFor === 'any';
      if (catches || races || (step.type !== 'agent' && step.handlesFailure)) return outer;
    }
    const { owner } = found;
    if (owner !== '' && findStep(program, owner)?.step.handlesFailure === true) return owner;
    at = owner;
  }
  return undefined;
}
