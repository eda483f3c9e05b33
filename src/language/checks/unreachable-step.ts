import type { Template } from '../../program/expression.ts';
import { namesAskedForFailure } from '../model/failure-reads.ts';
import type { ParsedAgent, ParsedBody } from '../model/parsed-body.ts';
import { type Block, blocksOf, everyStep, type StepModel } from '../model/step-model.ts';
import { agentAt, type Place, runningPlaces } from '../model/step-places.ts';
import type { Check } from './check.ts';
import { constantEmptiness, constantTruth } from './flow/constant-truth.ts';
import { describeStep, headSpan } from './flow/describe-step.ts';
import { isFailureHandled } from './flow/handled-failures.ts';

/**
 * Steps that never run: the ways of a branch or loop whose condition is constant, and what stands behind an `assert` that always fails. Each list of steps is reported once,
 * at its first step.
 */
export const unreachableStep: Check = {
  codes: ['unreachable-step'],
  check(body, findings) {
    const report = (step: StepModel, why: string): void =>
      findings.report('unreachable-step', headSpan(step), `${describeStep(step)} never runs: ${why}`, {
        help: 'take it out, or mend what keeps it from running',
      });
    for (const step of everyStep([...body.model.steps, ...(body.model.flow ?? [])])) {
      for (const block of blocksOf(step)) {
        const [first] = block.steps;
        const why = first === undefined ? undefined : whyNever(step, block, body);
        if (first !== undefined && why !== undefined) report(first, why);
      }
    }
    for (const [step, why] of behindFailures(body)) report(step, why);
  },
};

function whyNever(step: StepModel, { kind }: Block, body: ParsedBody): string | undefined {
  const values = body.stepValues.get(step);
  const truth = constantTruth(values?.condition?.template);
  switch (kind) {
    case 'then':
      return truth === false ? `the condition of ${describeStep(step)} is always false` : undefined;
    case 'else':
      return truth === true ? `the condition of ${describeStep(step)} is always true` : undefined;
    case 'steps':
      if (step.type === 'while') return truth === false ? `the condition of ${describeStep(step)} is always false` : undefined;
      return step.type === 'foreach' ? withoutItems(step, body) : undefined;
    case 'map':
      return withoutItems(step, body);
    default:
      return undefined;
  }
}

function withoutItems(step: StepModel, body: ParsedBody): string | undefined {
  return constantEmptiness(body.stepValues.get(step)?.items?.template) === 'empty' ? `${describeStep(step)} has no items` : undefined;
}

/** Of each list, the first step behind an `assert` whose claim is constantly false and whose failure nothing handles. */
function behindFailures(body: ParsedBody): readonly (readonly [StepModel, string])[] {
  const asked = namesAskedForFailure(body);
  const places = runningPlaces(body.model);
  const found = new Map<Block | undefined, readonly [StepModel, string]>();
  const failing = new Map<Block | undefined, Place>();
  for (const place of places) {
    const list = place.within?.block;
    const before = failing.get(list);
    if (before !== undefined && place.within?.place.step.type !== 'parallel') {
      if (!found.has(list)) found.set(list, [place.step, `${describeStep(before.step)} before it always fails`]);
    } else if (alwaysFails(place, body) && !isFailureHandled(place, asked)) failing.set(list, place);
  }
  return [...found.values()];
}

function alwaysFails(place: Place, { agents }: ParsedBody): boolean {
  const model = agentAt(place);
  const agent = model === undefined ? undefined : agents[model.index];
  if (agent === undefined || (place.step.type === 'run' && place.step.condition !== undefined)) return false;
  return agent.condition === undefined && agent.model.loop === undefined && claimsNothingTrue(agent);
}

function claimsNothingTrue({ model, config }: ParsedAgent): boolean {
  if (model.work.type !== 'operation' || model.work.operation.text !== 'assert' || config === undefined) return false;
  return constantTruth(partOf(config.template, 'that')) === false;
}

function partOf(template: Template, key: string): Template | undefined {
  if (template.type === 'mapping') return template.entries.find((entry) => entry.key === key)?.value;
  if (template.type !== 'constant' || typeof template.value !== 'object' || template.value === null) return undefined;
  const found = Object.entries(template.value).find(([name]) => name === key);
  return found === undefined ? undefined : { type: 'constant', value: found[1] };
}
