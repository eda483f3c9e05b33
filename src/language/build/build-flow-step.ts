import type { Template } from '../../program/expression.ts';
import type { FlowStep } from '../../program/program.ts';
import { namesAskedForFailureWithin } from '../model/failure-reads.ts';
import type { ParsedStepValues } from '../model/parsed-body.ts';
import type { ParsedValue } from '../model/read.ts';
import type { FlowStepModel, StepModel } from '../model/step-model.ts';
import type { StepsSite } from './build-site.ts';
import { buildSteps } from './build-steps.ts';

/** Without a `maxIterations` of its own (LANGUAGE §6.1). */
const MAX_ITERATIONS = 1_000;

/** A step with steps of its own, each list built where it stands in the file. */
export function buildFlowStep(model: FlowStepModel, site: StepsSite): FlowStep {
  const name = model.name?.text;
  const { line, column } = model.span;
  const base = {
    ...(name !== undefined && { name }),
    path: name === undefined ? site.paths.unnamed(model.type) : site.paths.named(name),
    place: { line, column },
    handlesFailure: name !== undefined && site.asked.has(name),
  };
  const build = (list: readonly StepModel[]) => buildSteps(list, site);
  const values = site.body.stepValues.get(model);
  const value = (key: Exclude<keyof ParsedStepValues, 'set'>): Template => templateOf(values?.[key], model, key);
  switch (model.type) {
    case 'parallel':
      return { type: 'parallel', ...base, steps: build(model.steps), waitFor: model.waitFor };
    case 'branch':
      return { type: 'branch', ...base, condition: value('condition'), then: build(model.then), else: build(model.else) };
    case 'switch': {
      const cases = model.cases.map((one) => ({ value: one.value.text, steps: build(one.steps) }));
      return { type: 'switch', ...base, value: value('value'), cases, default: build(model.default) };
    }
    case 'foreach':
      return {
        type: 'foreach',
        ...base,
        items: value('items'),
        steps: build(model.steps),
        concurrency: model.concurrency,
        ...(values?.breakWhen !== undefined && { breakWhen: values.breakWhen.template }),
        loop: false,
      };
    case 'while':
      return {
        type: 'while',
        ...base,
        condition: value('condition'),
        steps: build(model.steps),
        maxIterations: model.maxIterations ?? MAX_ITERATIONS,
      };
    case 'try':
      return {
        type: 'try',
        ...base,
        steps: buildSteps(model.steps, tried(model.steps, site)),
        catch: build(model.catch),
        finally: build(model.finally),
      };
    case 'map-reduce':
      return {
        type: 'map-reduce',
        ...base,
        items: value('items'),
        map: build(model.map),
        reduce: build(model.reduce),
        concurrency: model.concurrency,
      };
    default:
      return model satisfies never;
  }
}

/** The try handles what fails in its steps, unless one of these does so itself. */
function tried(steps: readonly StepModel[], site: StepsSite): StepsSite {
  return { ...site, asked: namesAskedForFailureWithin(steps, site.body) };
}

function templateOf(value: ParsedValue | undefined, { type, span }: FlowStepModel, key: string): Template {
  if (value === undefined) throw new TypeError(`the ${type} on line ${span.line} has no \`${key}\`, which its analysis must have reported`);
  return value.template;
}
