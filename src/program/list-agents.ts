import { everyStep } from './inner-steps.ts';
import type { AgentStep, Program, Step } from './program.ts';

export interface ListedAgent {
  readonly step: AgentStep;
  /** As events name it, without the positions in loops: `outer/inner`. */
  readonly path: string;
  /** The file it stands in, relative to the project's root. */
  readonly file: string;
}

/**
 * Every agent of the program in the order in which it is written; those of an agent file or ensemble after the first agent that runs it, and only there, since a file may run
 * itself.
 */
export function* listAgents(program: Program): Generator<ListedAgent> {
  yield* agentsIn(program, { steps: program.body.steps, path: '', file: program.file }, new Set([program.file]));
}

interface Listed {
  readonly steps: readonly Step[];
  readonly path: string;
  readonly file: string;
}

function* agentsIn(program: Program, { steps, path, file }: Listed, entered: Set<string>): Generator<ListedAgent> {
  for (const step of everyStep(steps)) {
    if (step.type !== 'agent') continue;
    yield { step, path: path + step.path, file };
    const called = step.action.type === 'body' ? program.files[step.action.file] : undefined;
    if (called === undefined || entered.has(called.file)) continue;
    entered.add(called.file);
    yield* agentsIn(program, { steps: called.body.steps, path: `${path}${step.path}/`, file: called.file }, entered);
  }
}
