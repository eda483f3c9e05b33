import { dot } from './dot.ts';
import type { GraphFormat } from './format.ts';

/** A picture: Graphviz's, compiled to WebAssembly, which loads here only. */
export const svg: GraphFormat = {
  async render(graph) {
    const source = await dot.render(graph);
    const { instance } = await import('@viz-js/viz');
    const viz = await instance();
    return viz.renderString(source, { format: 'svg' });
  },
};
