import { harmlessJson } from '../terminal/harmless.ts';
import type { GraphFormat } from './format.ts';

/** The graph as it is (src/language/graph/graph.ts), indented. */
export const json: GraphFormat = {
  render: (graph) => `${harmlessJson(JSON.stringify(graph, null, 2))}\n`,
};
