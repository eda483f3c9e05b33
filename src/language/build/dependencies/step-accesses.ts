import type { Expression, Template } from '../../../program/expression.ts';
import { everyStep } from '../../../program/inner-steps.ts';
import type { AgentStep, CalledFile, FlowStep, StatePlan, Step } from '../../../program/program.ts';
import { expressionsOf } from '../../checks/flow/expressions-of.ts';
import { everyExpression } from '../../expression/children-of.ts';
import { type Access, resultPath, statePath } from './access.ts';
import { commitAccesses, storageAccesses } from './storage-accesses.ts';

/** The body whose steps are looked at. */
export interface AccessSite {
  readonly state: StatePlan;
  /** The files that are built; one that is missing is being built, and runs itself. */
  readonly files: ReadonlyMap<string, CalledFile>;
}

/** What a step and all that lies in it read and change. */
export function stepAccesses(step: Step, site: AccessSite): readonly Access[] {
  const undoing = new Set<Step>();
  const accesses: Access[] = [];
  for (const inner of everyStep([step])) {
    if (inner.type !== 'agent') {
      accesses.push(...flowAccesses(inner));
      continue;
    }
    if (inner.compensate !== undefined) undoing.add(inner.compensate);
    const own = agentAccesses(inner, site);
    // What undoes an agent runs when all is over, and sees the scope as it stood after its agent (LANGUAGE §2.4).
    accesses.push(...(undoing.has(inner) ? own.filter(({ mode }) => mode === 'read') : own));
  }
  return accesses;
}

/** The expressions of flow steps read all of the state. */
function flowAccesses(step: FlowStep): readonly Access[] {
  const reads = readsOf(flowTemplates(step));
  const own = step.name === undefined ? [] : [write(resultPath(step.name))];
  return [...reads.agents.map((name) => read(resultPath(name))), ...(reads.state ? [read(statePath())] : []), ...own];
}

function flowTemplates(step: FlowStep): readonly (Template | undefined)[] {
  switch (step.type) {
    case 'branch':
    case 'while':
      return [step.condition];
    case 'switch':
      return [step.value];
    case 'foreach':
      return [step.items, step.breakWhen, step.condition];
    case 'map-reduce':
      return [step.items];
    case 'parallel':
    case 'try':
      return [];
    default:
      return step satisfies never;
  }
}

function agentAccesses(step: AgentStep, site: AccessSite): readonly Access[] {
  const { name, use, useAll } = step;
  const { agents } = readsOf(agentTemplates(step));
  const named = step.action.type === 'code' ? step.action.agents : [];
  const sets = writtenKeys(step);
  return [
    ...[...agents, ...named].map((agent) => read(resultPath(agent))),
    ...(useAll ? [read(statePath())] : use.map((key) => read(statePath(key)))),
    ...storageAccesses(step, site.files),
    write(resultPath(name)),
    ...sets.map((key) => write(statePath(key))),
    ...(sets.length === 0 ? [] : commitAccesses(site.state)),
  ];
}

function agentTemplates({ condition, input, action, set, cache }: AgentStep): readonly (Template | undefined)[] {
  const work = action.type === 'body' ? [] : action.type === 'code' ? [...action.holes, action.config] : [action.config];
  return [condition, input, cache?.key, ...work, ...(set.type === 'fields' ? set.fields.map(({ value }) => value) : [])];
}

export function writtenKeys({ set }: AgentStep): readonly string[] {
  if (set.type === 'fields') return set.fields.map(({ key }) => key);
  return set.type === 'same' ? set.keys : [];
}

interface Reads {
  readonly agents: readonly string[];
  readonly state: boolean;
}

function readsOf(templates: readonly (Template | undefined)[]): Reads {
  const agents = new Set<string>();
  let state = false;
  const visit = (node: Expression): void => {
    if (node.type === 'agent') agents.add(node.name);
    else if (node.type === 'root' && node.name === 'state') state = true;
  };
  for (const template of templates) {
    if (template === undefined) continue;
    for (const expression of expressionsOf(template)) for (const node of everyExpression(expression)) visit(node);
  }
  return { agents: [...agents], state };
}

function read(path: readonly string[]): Access {
  return { path, mode: 'read' };
}

function write(path: readonly string[]): Access {
  return { path, mode: 'write' };
}
