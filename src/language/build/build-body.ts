import type { Hole, Template } from '../../program/expression.ts';
import type { Body, OutputPlan, ResponsePlan, StateKeyPlan, StatePlan } from '../../program/program.ts';
import type { AnalyzedFile } from '../analyze-file.ts';
import type { BodyModel, StateKeyModel } from '../model/body-model.ts';
import { namesAskedForFailure } from '../model/failure-reads.ts';
import type { ParsedBody, ParsedOutput } from '../model/parsed-body.ts';
import { boundPatterns } from './bound-patterns.ts';
import { addBinding, type BuildSite, type StepsSite } from './build-site.ts';
import { buildSteps } from './build-steps.ts';
import { findDependencies } from './dependencies/step-dependencies.ts';
import { StepPaths } from './step-paths.ts';

export function buildBody({ body, agentFiles }: AnalyzedFile, site: BuildSite): Body {
  const { input, flow, steps, concurrency } = body.model;
  const models = flow ?? steps;
  const output = buildOutput(body.output);
  const stepsSite: StepsSite = { ...site, body, agentFiles, asked: namesAskedForFailure(body), paths: new StepPaths() };
  const built = buildSteps(models, stepsSite);
  const state = buildState(body, site);
  return {
    ...(input !== undefined && { input: boundPatterns(input) }),
    state,
    steps: built,
    ...(output !== undefined && { output }),
    concurrency,
    ...(concurrency > 1 && { dependencies: findDependencies(built, models, { state, files: site.files }) }),
  };
}

function buildState({ model, stateKey, stateInitial, stateReducers }: ParsedBody, site: BuildSite): StatePlan {
  const { backend, binding, schema, persist, onConflict } = model.state;
  if (backend !== 'memory') {
    addBinding({ kind: backend, ...(binding !== undefined && { name: binding }) }, site);
  }
  return {
    backend,
    key: stateKey?.template ?? defaultKey(model),
    ...(binding !== undefined && { binding }),
    ...(schema !== undefined && {
      schema: Object.fromEntries([...schema].map(([name, key]) => [name, buildStateKey(key, stateReducers.get(name))])),
    }),
    ...(stateInitial !== undefined && { initial: stateInitial.template }),
    persist,
    onConflict,
  };
}

function defaultKey({ kind, name }: BodyModel): Template {
  return { type: 'constant', value: kind === 'agent' ? `agent:${name.text}` : name.text };
}

function buildStateKey({ schema, default: byDefault, reducer, validForMs, secret }: StateKeyModel, written?: Hole): StateKeyPlan {
  return {
    schema: boundPatterns(schema),
    ...(byDefault !== undefined && { default: byDefault.value }),
    reducer: typeof reducer === 'string' ? reducer : { expression: writtenReducer(written) },
    ...(validForMs !== undefined && { validForMs }),
    secret,
  };
}

function writtenReducer(written: Hole | undefined): Hole {
  if (written === undefined) throw new TypeError('a reducer is no expression, which its analysis must have reported');
  return written;
}

function buildOutput(output: ParsedOutput | undefined): OutputPlan | undefined {
  if (output === undefined) return undefined;
  if (output.type === 'value') return { type: 'value', value: output.value.template };
  const responses = output.responses.map((response): ResponsePlan => {
    const parts = Object.entries(response).map(([part, value]) => [part, value.template]);
    return Object.fromEntries(parts);
  });
  return { type: 'responses', responses };
}
