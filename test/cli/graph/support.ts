import type { Graph, GraphEdge, GraphNode } from '../../../src/language/graph/graph.ts';

/** A graph of nothing but the given nodes and edges. */
export function graphWith(nodes: readonly GraphNode[], edges: readonly GraphEdge[] = []): Graph {
  return { kind: 'ensemble', name: 'x', file: 'x.yaml', nodes, edges };
}

export const agentNode = (id: string, extra: Partial<Extract<GraphNode, { kind: 'agent' }>> = {}): GraphNode => ({
  id,
  kind: 'agent',
  name: id,
  operation: 'log',
  ...extra,
});
