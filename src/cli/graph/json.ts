import type { GraphFormat } from './format.ts';

/** The graph as it is (src/language/graph/graph.ts), indented. */
export const json: GraphFormat = {
  render: (graph) => `${JSON.stringify(graph, null, 2)}\n`,
};
