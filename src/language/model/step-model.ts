import type { Span } from '../../program/diagnostic.ts';
import type { RetryPlan } from '../../program/program.ts';
import type { Located, LocatedMapping } from '../document/located.ts';
import type { AgentModel, SetModel, TimeoutModel } from './body-model.ts';
import type { Word } from './fields.ts';

/** One step of `agents:`, `operations:` or `flow:` (LANGUAGE §6): an agent, or a flow step with steps of its own. */
export type StepModel = AgentStepModel | FlowRunModel | FlowStepModel;

export type FlowStepModel = ParallelModel | BranchModel | SwitchModel | ForeachModel | WhileModel | TryModel | MapReduceModel;

interface Step {
  /** The whole step. */
  readonly span: Span;
  /** Its `output` is read by this name. */
  readonly name?: Word;
}

/** An agent that is defined where it stands. */
export interface AgentStepModel extends Step {
  readonly type: 'agent';
  readonly name: Word;
  readonly agent: AgentModel;
}

/** An entry of `flow:` that runs an agent which `agents:` defines, with what it says in place of the agent's own settings (LANGUAGE §6.4). */
export interface FlowRunModel extends Step {
  readonly type: 'run';
  /** The entry as the author wrote it. */
  readonly source: LocatedMapping;
  /** The `id`, else the agent's name. */
  readonly name: Word;
  readonly reference: Word;
  readonly id?: Word;
  /** Absent when no agent has the name. */
  readonly agent?: AgentModel;
  readonly condition?: Located;
  readonly input?: Located;
  /** What it gives stands in place of the agent's; what it leaves out stays the agent's. */
  readonly state?: { readonly use?: readonly Word[]; readonly set?: SetModel };
  readonly retry?: RetryPlan;
  readonly timeout?: TimeoutModel;
  readonly dependsOn: readonly Word[];
}

interface FlowStep extends Step {
  /** The word that says what kind of step it is: the key `parallel`, or the value of `type`. */
  readonly keyword: Word;
}

export interface ParallelModel extends FlowStep {
  readonly type: 'parallel';
  readonly steps: readonly StepModel[];
  readonly waitFor: 'all' | 'any' | 'first';
}

export interface BranchModel extends FlowStep {
  readonly type: 'branch';
  readonly condition?: Located;
  readonly then: readonly StepModel[];
  readonly else: readonly StepModel[];
}

export interface SwitchModel extends FlowStep {
  readonly type: 'switch';
  readonly value?: Located;
  readonly cases: readonly { readonly value: Word; readonly steps: readonly StepModel[] }[];
  readonly default: readonly StepModel[];
}

export interface ForeachModel extends FlowStep {
  readonly type: 'foreach';
  readonly items?: Located;
  readonly steps: readonly StepModel[];
  readonly concurrency: number;
  readonly breakWhen?: Located;
}

export interface WhileModel extends FlowStep {
  readonly type: 'while';
  readonly condition?: Located;
  readonly steps: readonly StepModel[];
  /** As written; without it there are 1,000 at most. */
  readonly maxIterations?: number;
}

export interface TryModel extends FlowStep {
  readonly type: 'try';
  readonly steps: readonly StepModel[];
  readonly catch: readonly StepModel[];
  readonly finally: readonly StepModel[];
}

export interface MapReduceModel extends FlowStep {
  readonly type: 'map-reduce';
  readonly items?: Located;
  readonly map: readonly StepModel[];
  readonly reduce: readonly StepModel[];
  readonly concurrency: number;
}

/** What a list of steps inside a step is for. Of an agent: `onError` (its handlers) and `compensate`. */
export type BlockKind = 'steps' | 'then' | 'else' | 'case' | 'default' | 'catch' | 'finally' | 'map' | 'reduce' | 'onError' | 'compensate';

/** One list of steps inside a step. */
export interface Block {
  readonly kind: BlockKind;
  /** The value of a `case`. */
  readonly label?: Word;
  readonly steps: readonly StepModel[];
}

/**
 * The lists of steps inside a step, in the order in which they may run; those that the file leaves out are empty lists or not there. An
 * entry of `flow:` has none: what its agent holds stands at the agent.
 */
export function blocksOf(step: StepModel): readonly Block[] {
  switch (step.type) {
    case 'run':
      return [];
    case 'agent':
      return agentBlocks(step.agent);
    case 'parallel':
    case 'foreach':
    case 'while':
      return [{ kind: 'steps', steps: step.steps }];
    case 'branch':
      return [
        { kind: 'then', steps: step.then },
        { kind: 'else', steps: step.else },
      ];
    case 'switch': {
      const cases = step.cases.map(({ value, steps }): Block => ({ kind: 'case', label: value, steps }));
      return [...cases, { kind: 'default', steps: step.default }];
    }
    case 'try':
      return [
        { kind: 'steps', steps: step.steps },
        { kind: 'catch', steps: step.catch },
        { kind: 'finally', steps: step.finally },
      ];
    case 'map-reduce':
      return [
        { kind: 'map', steps: step.map },
        { kind: 'reduce', steps: step.reduce },
      ];
  }
}

/** What an agent holds: the steps of its `onError`, and what undoes it. */
export function agentBlocks({ onErrorSteps, compensate }: AgentModel): readonly Block[] {
  return [
    ...(onErrorSteps === undefined ? [] : [{ kind: 'onError', steps: onErrorSteps } as const]),
    ...(compensate === undefined ? [] : [{ kind: 'compensate', steps: [agentStep(compensate)] } as const]),
  ];
}

/** The step that an agent is. */
export function agentStep(agent: AgentModel): AgentStepModel {
  return { type: 'agent', agent, span: agent.span, name: agent.name };
}

/** Every step of a list and all that lie in them, each before what it holds. */
export function* everyStep(steps: readonly StepModel[]): Generator<StepModel> {
  for (const step of steps) {
    yield step;
    for (const block of blocksOf(step)) yield* everyStep(block.steps);
  }
}
