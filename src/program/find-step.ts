import { everyStep } from './inner-steps.ts';
import type { Body, CalledFile, Program, Step } from './program.ts';

export interface FoundStep {
  readonly step: Step;
  /** The file it stands in, relative to the project's root. */
  readonly file: string;
}

/** The step that events name by a path, whatever its positions in loops (`outer[3]/inner[0]`); undefined when the program has none. */
export function findStep(program: Program, path: string): FoundStep | undefined {
  let body: Body | undefined = program.body;
  let file = program.file;
  let found: FoundStep | undefined;
  for (const part of path.split('/')) {
    if (body === undefined) return undefined;
    const name = part.replaceAll(/\[\d+\]/g, '');
    const step: Step | undefined = [...everyStep(body.steps)].find((inner) => inner.path === name && !isLoop(inner));
    if (step === undefined) return undefined;
    found = { step, file };
    const called: CalledFile | undefined =
      step.type === 'agent' && step.action.type === 'body' ? program.files[step.action.file] : undefined;
    body = called?.body;
    file = called?.file ?? file;
  }
  return found;
}

/** A `loop` shares its path with the agent in it, which is what is looked for. */
function isLoop(step: Step): boolean {
  return step.type === 'foreach' && step.loop;
}
