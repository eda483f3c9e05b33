import type { BlockKind, FlowStepModel } from '../model/step-model.ts';

/**
 * What an ensemble or agent file does, as a drawing shows it: plain data, the same for the same files. Property names are those of the JSON that
 * `ensemble graph --format json` prints.
 */
export interface Graph {
  readonly kind: 'ensemble' | 'agent';
  readonly name: string;
  /** Relative to the project root. */
  readonly file: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export type GraphNode = TriggerNode | InputNode | OutputNode | StateNode | AgentNode | FlowNode | BlockNode;

interface Node {
  /** Unique in the graph. An agent's, a step's: its name, behind the names of the agents whose files it stands in (`report/split`). */
  readonly id: string;
}

export interface TriggerNode extends Node {
  readonly kind: 'trigger';
  /** `http`, `cron`, … */
  readonly type: string;
  /** Its path, cron line, queue or addresses. */
  readonly detail?: string;
}

export interface InputNode extends Node {
  readonly kind: 'input';
}

export interface OutputNode extends Node {
  readonly kind: 'output';
}

export interface StateNode extends Node {
  readonly kind: 'state';
  readonly key: string;
}

export interface AgentNode extends Node {
  readonly kind: 'agent';
  readonly name: string;
  /** Exactly one of the three says what it does; none when the file does not. */
  readonly operation?: string;
  readonly agent_file?: string;
  readonly ensemble?: string;
  readonly condition?: string;
  /** The items that its `loop` goes through. */
  readonly loop?: string;
  /** What its agent file does. A file that several agents use is drawn in the first of them. */
  readonly children?: readonly GraphNode[];
}

export interface FlowNode extends Node {
  readonly kind: 'flow';
  readonly type: FlowStepModel['type'];
  readonly name?: string;
  /** The condition, value or items that it goes by. */
  readonly detail?: string;
  /** Blocks, where the steps in it play different parts; else the steps. */
  readonly children: readonly GraphNode[];
}

/** A list of steps that plays a part of its own: what a `branch` does then, what an agent does when it fails. */
export interface BlockNode extends Node {
  readonly kind: 'block';
  readonly block: BlockKind;
  /** The value of a `case`. */
  readonly value?: string;
  readonly children: readonly GraphNode[];
}

/**
 * `order`: `to` comes after `from`; `why` when only on an occasion. `data`: `to` reads `from`, and which fields of it. `read`: an agent reads a state key (`from`).
 * `write`: an agent sets one (`to`).
 */
export type GraphEdge =
  | { readonly kind: 'order'; readonly from: string; readonly to: string; readonly why?: string }
  | { readonly kind: 'data'; readonly from: string; readonly to: string; readonly fields: readonly string[] }
  | { readonly kind: 'read' | 'write'; readonly from: string; readonly to: string };
