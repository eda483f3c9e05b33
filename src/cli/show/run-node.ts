import type { Failure } from '../../program/failure.ts';

/** Something that happened in a run, with what happened in it: what a tree of the run is made of. */
export interface RunNode {
  readonly kind: 'agent' | 'step' | 'iteration' | 'group';
  /** No other node of the tree has it. */
  readonly key: string;
  /** The path; of an iteration its position; of a group what it is: `catch`, `undone`. */
  readonly name: string;
  /** The item of an iteration, as JSON. */
  readonly item?: string | undefined;
  status: NodeStatus;
  /** When it began, epoch ms. */
  at?: number;
  /** Duration, attempts, counts: what stands behind the name. */
  facts: readonly string[];
  failure?: Failure;
  /** Tries that failed before the last one, in order. */
  readonly earlier: EarlierTry[];
  readonly children: RunNode[];
}

export interface EarlierTry {
  readonly failure: Failure;
  /** When it failed, epoch ms. */
  readonly at: number;
}

/** `none`: an iteration or a group, which is as what lies in it; `unreached`: the run ended before its turn. */
export type NodeStatus =
  | 'running'
  | 'done'
  | 'decided'
  | 'failed'
  | 'handled'
  | 'cancelled'
  | 'skipped'
  | 'undone'
  | 'interrupted'
  | 'unreached'
  | 'none';

export function createNode(node: Pick<RunNode, 'kind' | 'name' | 'status' | 'item'> & { readonly key?: string }): RunNode {
  return { key: node.name, ...node, facts: [], earlier: [], children: [] };
}

const TROUBLE: ReadonlySet<NodeStatus> = new Set(['failed', 'handled', 'running', 'interrupted']);

/** Whether something in it failed, handled or not, or is not over. */
export function hasTrouble({ status, children }: RunNode): boolean {
  return TROUBLE.has(status) || children.some(hasTrouble);
}
