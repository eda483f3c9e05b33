import type { Template } from '../../program/expression.ts';
import type {
  BindingNeed,
  Body,
  CalledFile,
  CodeModule,
  OutputPlan,
  ResponsePlan,
  StateKeyPlan,
  StatePlan,
  Step,
} from '../../program/program.ts';
import type { AnalyzedFile } from '../analyze-file.ts';
import type { BodyModel, StateKeyModel } from '../model/body-model.ts';
import { agentsAskedForFailure } from '../model/failure-reads.ts';
import type { ParsedBody, ParsedOutput } from '../model/parsed-body.ts';
import { buildAgent } from './build-agent.ts';

/** What building collects beside the body: modules and bindings of the whole program. */
export interface BuildSite {
  /** The files that it runs, by their path. */
  readonly files: Map<string, CalledFile>;
  /** Those of them that are built or being built: a file may run itself. */
  readonly entered: Set<string>;
  readonly modules: Map<string, CodeModule>;
  readonly bindings: Map<string, BindingNeed>;
}

export function buildBody(file: AnalyzedFile, site: BuildSite): Body {
  const { body } = file;
  const handled = agentsAskedForFailure(body);
  const steps: Step[] = [];
  for (const step of body.model.steps) {
    const agent = step.type === 'agent' ? body.agents[step.agent.index] : undefined;
    if (agent === undefined) throw new TypeError(`a step of the type ${step.type} must have been reported: this version cannot run it`);
    steps.push(buildAgent(agent, { ...site, body, agentFile: file.agentFiles.get(agent.model.index), handled }));
  }
  const { input } = body.model;
  const output = buildOutput(body.output);
  return {
    ...(input !== undefined && { input }),
    state: buildState(body, site),
    steps,
    ...(output !== undefined && { output }),
    concurrency: 1,
  };
}

function buildState({ model, stateKey, stateInitial }: ParsedBody, site: BuildSite): StatePlan {
  const { backend, binding, schema, persist, onConflict } = model.state;
  if (backend !== 'memory') {
    const need: BindingNeed = { kind: backend, ...(binding !== undefined && { name: binding }) };
    site.bindings.set(JSON.stringify([need.kind, need.name]), need);
  }
  return {
    backend,
    key: stateKey?.template ?? defaultKey(model),
    ...(binding !== undefined && { binding }),
    ...(schema !== undefined && { schema: Object.fromEntries([...schema].map(([name, key]) => [name, buildStateKey(key)])) }),
    ...(stateInitial !== undefined && { initial: stateInitial.template }),
    persist,
    onConflict,
  };
}

function defaultKey({ kind, name }: BodyModel): Template {
  return { type: 'constant', value: kind === 'agent' ? `agent:${name.text}` : name.text };
}

function buildStateKey({ schema, default: byDefault, reducer, validForMs, secret }: StateKeyModel): StateKeyPlan {
  return {
    schema,
    ...(byDefault !== undefined && { default: byDefault.value }),
    reducer,
    ...(validForMs !== undefined && { validForMs }),
    secret,
  };
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
