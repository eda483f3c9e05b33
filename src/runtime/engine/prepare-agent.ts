import type { Template } from '../../program/expression.ts';
import type { Action, AgentStep } from '../../program/program.ts';
import { type Evaluate, prepareTemplate } from './evaluate.ts';
import { findReads, type TemplateReads } from './template-reads.ts';

/** An agent with its templates compiled. */
export interface PreparedAgent {
  /** What `agent.started` calls it. */
  readonly operation: string;
  readonly condition: Evaluate | undefined;
  readonly input: Evaluate | undefined;
  readonly config: Evaluate | undefined;
  readonly holes: readonly Evaluate[];
  readonly fields: readonly PreparedField[];
  /** Whether its condition, input, config, cache key or code may read `input`. */
  readonly readsInput: boolean;
}

/** One entry of `state.set`. */
export interface PreparedField {
  readonly key: string;
  readonly evaluate: Evaluate;
  readonly reads: TemplateReads;
}

const prepared = new WeakMap<AgentStep, PreparedAgent>();

/** Compiles the agent's templates when it first runs; later runs of the same program find them here. */
export function prepareAgent(step: AgentStep): PreparedAgent {
  const known = prepared.get(step);
  if (known !== undefined) return known;
  const { action, condition, input, set, cache } = step;
  const config = configOf(action);
  const holes = action.type === 'code' ? action.holes : [];
  const fields = set.type === 'fields' ? set.fields : [];
  const agent: PreparedAgent = {
    operation: action.type === 'operation' ? action.operation : action.type === 'code' ? 'code' : 'agent',
    condition: optional(condition),
    input: optional(input),
    config: optional(config),
    holes: holes.map(prepareTemplate),
    fields: fields.map(({ key, value }) => ({ key, evaluate: prepareTemplate(value), reads: findReads([value]) })),
    // A code body's own text may name `input`, and an agent file without `input` is given the run's.
    readsInput:
      action.type === 'code' ||
      (action.type === 'body' && input === undefined) ||
      findReads([condition, input, config, cache?.key]).roots.has('input'),
  };
  prepared.set(step, agent);
  return agent;
}

function configOf(action: Action): Template | undefined {
  return action.type === 'body' ? undefined : action.config;
}

function optional(template: Template | undefined): Evaluate | undefined {
  return template === undefined ? undefined : prepareTemplate(template);
}
