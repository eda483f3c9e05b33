import type { AnalyzedFile } from '../analyze-file.ts';
import type { BodyModel } from '../model/body-model.ts';
import { everyStep } from '../model/step-model.ts';
import type { Check } from './check.ts';

/** More steps than this in one program come from agent files that multiply each other: each becomes part of the program wherever it is used. */
const MAX_STEPS = 50_000;

/** A program is kept with every run: there is a limit to its steps, those of agent files included. */
export const programTooLarge: Check = {
  codes: ['program-too-large'],
  check({ model }, findings, { agentFiles }) {
    // An agent file that is too large by itself is told so in its own place.
    if (countSteps(model, agentFiles) <= MAX_STEPS || [...agentFiles.values()].some((file) => stepsOf(file) > MAX_STEPS)) return;
    const what = model.kind === 'ensemble' ? 'ensemble' : 'agent file';
    findings.report(
      'program-too-large',
      model.name.span,
      `the ${what} has more than ${MAX_STEPS} steps, those of its agent files included`,
      {
        help: 'agent files that use each other many times multiply: let one agent go over data instead',
      },
    );
  },
};

const counted = new WeakMap<AnalyzedFile, number>();

function stepsOf(file: AnalyzedFile): number {
  const known = counted.get(file);
  if (known !== undefined) return known;
  const steps = countSteps(file.body.model, file.agentFiles);
  counted.set(file, steps);
  return steps;
}

function countSteps(model: BodyModel, agentFiles: ReadonlyMap<number, AnalyzedFile>): number {
  let steps = 0;
  for (const step of everyStep(model.flow ?? model.steps)) {
    const agent = step.type === 'agent' || step.type === 'run' ? step.agent : undefined;
    const file = agent === undefined ? undefined : agentFiles.get(agent.index);
    steps += 1 + (file === undefined ? 0 : stepsOf(file));
  }
  return steps;
}
