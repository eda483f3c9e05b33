import type { Graph } from '../../language/graph/graph.ts';

/** One way to write a graph down. */
export interface GraphFormat {
  /** The same text for the same graph, with a newline at its end. Nothing that stands in the graph can break out of a label. */
  render(graph: Graph): string | Promise<string>;
}
