import { createDrawing, type Drawing, type DrawnEdge, type DrawnNode, everyNode } from './drawing.ts';
import type { GraphFormat } from './format.ts';

const SHAPES: Readonly<Record<DrawnNode['shape'], string>> = {
  agent: '',
  end: 'style=rounded',
  state: 'shape=cylinder',
  trigger: 'shape=hexagon',
};
const STYLES: Readonly<Record<DrawnEdge['style'], string>> = {
  next: '',
  handover: 'penwidth=2',
  data: 'style=dashed',
  state: 'style=dotted',
};

/** Graphviz's language. */
export const dot: GraphFormat = {
  render: (graph) => renderDot(createDrawing(graph)),
};

/**
 * A drawing in Graphviz's language. Frames are clusters; an edge at a frame is drawn from or to a node in it and cut at the border. `effort`: settings
 * of the layout.
 */
export function renderDot({ title, nodes, edges }: Drawing, effort = 'nslimit=2'): string {
  const byId = new Map(everyNode(nodes).map((node) => [node.id, node]));
  const lines = [
    `digraph ${quote([title])} {`,
    `  compound=true; ${effort};`,
    '  fontname="Helvetica";',
    '  node [shape=box, fontname="Helvetica"];',
    '  edge [fontname="Helvetica", fontsize=10];',
    ...nodes.flatMap((node) => renderNode(node, '  ')),
    ...edges.map((edge) => `  ${renderEdge(edge, byId)}`),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function renderNode({ id, shape, lines, children }: DrawnNode, indent: string): readonly string[] {
  if (children.length > 0) {
    return [
      `${indent}subgraph cluster_${id} {`,
      `${indent}  label=${quote(lines)};`,
      ...children.flatMap((child) => renderNode(child, `${indent}  `)),
      `${indent}}`,
    ];
  }
  return [`${indent}${id} ${attributes([`label=${quote(lines)}`, SHAPES[shape]])};`];
}

function renderEdge({ from, to, style, both, label }: DrawnEdge, nodes: ReadonlyMap<string, DrawnNode>): string {
  const tail = leafOf(from, -1, nodes);
  const head = leafOf(to, 0, nodes);
  const list = attributes([
    STYLES[style],
    both ? 'dir=both' : '',
    label === undefined ? '' : `label=${quote([label])}`,
    tail === from ? '' : `ltail=cluster_${from}`,
    head === to ? '' : `lhead=cluster_${to}`,
  ]);
  return `${tail} -> ${head}${list === '' ? '' : ` ${list}`};`;
}

/** The node itself; of a frame the first or last node in it. */
function leafOf(id: string, which: 0 | -1, nodes: ReadonlyMap<string, DrawnNode>): string {
  const inner = nodes.get(id)?.children.at(which);
  return inner === undefined ? id : leafOf(inner.id, which, nodes);
}

function attributes(list: readonly string[]): string {
  const given = list.filter((attribute) => attribute !== '');
  return given.length === 0 ? '' : `[${given.join(', ')}]`;
}

/** Text between quotes; `&` begins an entity in Graphviz's labels, and a backslash an escape. */
function quote(lines: readonly string[]): string {
  const escaped = lines.map((line) => line.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;'));
  return `"${escaped.join('\\n')}"`;
}
