import type { Located, LocatedMapping } from '../document/located.ts';
import type { ProjectIndex } from '../project-index.ts';
import { readAgentModel, readDependsOn, readSet, words } from './agent-model.ts';
import type { AgentModel } from './body-model.ts';
import { readNumber } from './constants.ts';
import { Fields, hasExpression, type Word } from './fields.ts';
import type { Findings } from './findings.ts';
import { readRetry } from './retry-model.ts';
import { agentStep, type FlowRunModel, type FlowStepModel, type StepModel } from './step-model.ts';
import { readTimeout } from './timeout-model.ts';

/** Where steps are read, and what their reading collects beside the tree. */
export interface StepsSite {
  readonly file: string;
  readonly project: ProjectIndex;
  readonly findings: Findings;
  /** Every agent so far, each at its `index`. */
  readonly agents: AgentModel[];
  /** In `flow:`: the agents that an entry `- agent: name` can run. */
  readonly defined?: ReadonlyMap<string, AgentModel>;
}

const FLOW_TYPES: ReadonlySet<string> = new Set<FlowStepModel['type']>([
  'parallel',
  'branch',
  'switch',
  'foreach',
  'while',
  'try',
  'map-reduce',
]);
/** Any of these makes an entry of `flow:` an agent of its own. */
const DEFINING_KEYS = ['name', 'operation', 'ensemble', 'type'];

/** A list of steps, or one alone; what is no mapping is the shape check's to report. */
export function readSteps(value: Located | undefined, site: StepsSite): readonly StepModel[] {
  const items = value?.kind === 'list' ? value.items : value === undefined ? [] : [value];
  return items.flatMap((item) => (item.kind === 'mapping' ? [readStep(item, site)] : []));
}

function readStep(mapping: LocatedMapping, site: StepsSite): StepModel {
  const fields = new Fields(mapping);
  const keyword = flowKeyword(fields);
  if (keyword !== undefined) return readFlowStep(mapping, fields, keyword, site);
  if (site.defined !== undefined && fields.entry(...DEFINING_KEYS) === undefined) {
    const run = readFlowRun(mapping, fields, site.defined, site.findings);
    if (run !== undefined) return run;
  }
  return agentStep(readAgentModel(mapping, site));
}

/** What makes a mapping a flow step; undefined for an agent. */
function flowKeyword(fields: Fields): Word | undefined {
  const short = fields.entry('parallel');
  if (short !== undefined) return short.key;
  const type = fields.word('type');
  return type !== undefined && FLOW_TYPES.has(type.text) ? type : undefined;
}

function readFlowStep(mapping: LocatedMapping, fields: Fields, keyword: Word, site: StepsSite): FlowStepModel {
  const name = fields.word('name');
  const base = { span: mapping.span, keyword, ...(name !== undefined && { name }) };
  const steps = (...keys: readonly string[]) => readSteps(fields.value(...keys), site);
  const located = <Key extends string>(key: Key): { readonly [K in Key]?: Located } => {
    const value = fields.value(key);
    return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Located };
  };
  const concurrency = () => readNumber(fields.scalar('concurrency'), 'concurrency', site.findings, { min: 1 }) ?? 1;
  switch (keyword.text as FlowStepModel['type']) {
    case 'parallel':
      return { ...base, type: 'parallel', steps: steps('parallel', 'steps'), waitFor: readWaitFor(fields) };
    case 'branch':
      return { ...base, type: 'branch', ...located('condition'), then: steps('then'), else: steps('else') };
    case 'switch':
      return { ...base, type: 'switch', ...located('value'), cases: readCases(fields, site), default: steps('default') };
    case 'foreach':
      return {
        ...base,
        type: 'foreach',
        ...located('items'),
        steps: steps('steps', 'step'),
        concurrency: concurrency(),
        ...located('breakWhen'),
      };
    case 'while': {
      const maxIterations = readNumber(fields.scalar('maxIterations'), 'maxIterations', site.findings, { min: 1 });
      return {
        ...base,
        type: 'while',
        ...located('condition'),
        steps: steps('steps'),
        ...(maxIterations !== undefined && { maxIterations }),
      };
    }
    case 'try':
      return { ...base, type: 'try', steps: steps('steps'), catch: steps('catch'), finally: steps('finally') };
    case 'map-reduce':
      return { ...base, type: 'map-reduce', ...located('items'), map: steps('map'), reduce: steps('reduce'), concurrency: concurrency() };
  }
}

function readWaitFor(fields: Fields): 'all' | 'any' | 'first' {
  const waitFor = fields.text('waitFor');
  return waitFor === 'any' || waitFor === 'first' ? waitFor : 'all';
}

function readCases(fields: Fields, site: StepsSite): readonly { readonly value: Word; readonly steps: readonly StepModel[] }[] {
  const entries = fields.mapping('cases')?.entries ?? [];
  for (const { key } of entries) {
    if (!hasExpression(key.text)) continue;
    site.findings.report('constant-required', key.span, 'a case is fixed before the run starts: no expression can stand here', {
      help: 'write the value itself, or use a `branch` with a condition',
    });
  }
  return entries.map(({ key, value }) => ({ value: key, steps: readSteps(value, site) }));
}

function readFlowRun(
  mapping: LocatedMapping,
  fields: Fields,
  defined: ReadonlyMap<string, AgentModel>,
  findings: Findings,
): FlowRunModel | undefined {
  const reference = fields.word('agent');
  if (reference === undefined) return undefined;
  // An `id` that only repeats the agent's name says nothing.
  const given = fields.word('id');
  const id = given?.text === reference.text ? undefined : given;
  const agent = defined.get(reference.text);
  const condition = fields.value('condition', 'when');
  const input = fields.value('input', 'inputs');
  const state = fields.value('state');
  const retry = fields.value('retry');
  const timeout = readTimeout(fields.value('timeout'), findings);
  return {
    type: 'run',
    span: mapping.span,
    source: mapping,
    name: id ?? reference,
    reference,
    ...(id !== undefined && { id }),
    ...(agent !== undefined && { agent }),
    ...(condition !== undefined && { condition }),
    ...(input !== undefined && { input }),
    ...(state !== undefined && { state: readState(new Fields(state)) }),
    ...(retry !== undefined && { retry: readRetry(retry, findings) }),
    ...(timeout !== undefined && { timeout }),
    dependsOn: readDependsOn(fields),
  };
}

function readState(fields: Fields): NonNullable<FlowRunModel['state']> {
  const set = fields.value('set');
  return {
    ...(fields.value('use') !== undefined && { use: words(fields.list('use')) }),
    ...(set !== undefined && { set: readSet(set) }),
  };
}
