import { findStep } from '../../program/find-step.ts';
import type { Program } from '../../program/program.ts';

/**
 * The step around a failed one that handles its failure, by its path: a `try`, a flow step or an agent whose failure is asked for. Undefined when nothing does, and
 * the failure ends the run.
 */
export function handledBy(program: Program, path: string): string | undefined {
  for (let at = path; at !== ''; ) {
    const found = findStep(program, at);
    if (found === undefined) return undefined;
    for (const { step, block, path: outer } of found.around.toReversed()) {
      if (block.name === 'compensate') return undefined;
      const catches = step.type === 'try' && block.name === 'steps' && step.catch.length > 0;
      if (catches || (step.type !== 'agent' && step.handlesFailure)) return outer;
    }
    const { owner } = found;
    if (owner !== '' && findStep(program, owner)?.step.handlesFailure === true) return owner;
    at = owner;
  }
  return undefined;
}
