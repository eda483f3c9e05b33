import { UsageProblem } from '../usage-problem.ts';
import { renderDot } from './dot.ts';
import { createDrawing, type Drawing, everyNode } from './drawing.ts';
import type { GraphFormat } from './format.ts';

/**
 * Graphviz puts a node of its own on every row that an edge passes, and its time grows faster than their number: about 0.1 s for 5,000 of them at full
 * effort, 5 s for 50,000 at the least.
 */
const MAX_ROWS_AT_FULL_EFFORT = 5_000;
const MAX_ROWS = 50_000;
const LEAST_EFFORT = 'nslimit=1; nslimit1=1; mclimit=0.1; splines=line';

/** A picture: Graphviz's, compiled to WebAssembly, which loads here only. */
export const svg: GraphFormat = {
  async render(graph) {
    const drawing = createDrawing(graph);
    const rows = countRows(drawing);
    if (rows > MAX_ROWS) throw tooLarge(drawing);
    const { instance } = await import('@viz-js/viz');
    const viz = await instance();
    const source = rows > MAX_ROWS_AT_FULL_EFFORT ? renderDot(drawing, LEAST_EFFORT) : renderDot(drawing);
    try {
      return viz.renderString(source, { format: 'svg' });
    } catch (error) {
      // Graphviz ran out of the memory or the stack that it has.
      if (error instanceof RangeError || (error instanceof Error && error.name === 'RuntimeError')) throw tooLarge(drawing);
      throw error;
    }
  },
};

function tooLarge({ nodes, edges }: Drawing): UsageProblem {
  const size = `${everyNode(nodes).length} nodes and ${edges.length} edges`;
  return new UsageProblem(`the graph is too large for a picture (${size}); with --format dot your own Graphviz can draw it`);
}

/** About how many rows nodes take and edges pass: nodes mostly stand one below the other, in the order of the file. */
function countRows({ nodes, edges }: Drawing): number {
  const row = new Map(everyNode(nodes).map(({ id }, index) => [id, index]));
  return edges.reduce((sum, { from, to }) => sum + Math.abs((row.get(to) ?? 0) - (row.get(from) ?? 0)), row.size);
}
