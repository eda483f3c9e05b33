import type { Graph, GraphEdge, GraphNode } from '../../language/graph/graph.ts';
import { fitWidth } from '../terminal/fit-width.ts';
import { harmlessLine } from '../terminal/harmless.ts';

/** A graph in the terms that every drawing language has: boxes, frames and arrows with short labels. Ids are `n1`, `n2`, … */
export interface Drawing {
  /** The name of the graph, fit to be shown as labels are. */
  readonly title: string;
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
}

export interface DrawnNode {
  readonly id: string;
  readonly shape: 'agent' | 'end' | 'state' | 'trigger';
  /** The label, a line each, without control characters; never empty. */
  readonly lines: readonly string[];
  /** With nodes in it, it is a frame around them. */
  readonly children: readonly DrawnNode[];
}

export interface DrawnEdge {
  readonly from: string;
  readonly to: string;
  /** `next`: comes after; `handover`: comes after and reads it; `data`: reads it, but stands elsewhere in the order; `state`: reads or sets a state key. */
  readonly style: 'next' | 'handover' | 'data' | 'state';
  /** Arrows at both ends. */
  readonly both: boolean;
  readonly label: string | undefined;
}

/** Cells of a line of a label: enough for a short condition. */
const MAX_LINE = 60;
/** What XML, and so SVG, cannot hold beside control characters. */
const NO_CHARACTERS = /[\ufffe\uffff]/g;

/** A text of the file as part of a drawing: one line, none too long, of characters that every language can hold. */
function showLine(text: string): string {
  return fitWidth(harmlessLine(text.toWellFormed()).replace(NO_CHARACTERS, '\ufffd'), MAX_LINE);
}

export function createDrawing({ name, nodes, edges }: Graph): Drawing {
  const ids = new Map<string, string>();
  const parents = new Map<string, string>();
  const draw = (node: GraphNode, parent: string | undefined): DrawnNode => {
    const id = `n${ids.size + 1}`;
    ids.set(node.id, id);
    if (parent !== undefined) parents.set(id, parent);
    const children = 'children' in node ? (node.children ?? []) : [];
    const lines = linesOf(node).map((line) => showLine(line) || '?');
    return { id, shape: shapeOf(node), lines, children: children.map((child) => draw(child, id)) };
  };
  const drawn = nodes.map((node) => draw(node, undefined));
  return { title: showLine(name), nodes: drawn, edges: drawEdges(edges, ids, parents) };
}

/** All nodes of a drawing, those in a frame after the frame. */
export function everyNode(nodes: readonly DrawnNode[]): readonly DrawnNode[] {
  return nodes.flatMap((node) => [node, ...everyNode(node.children)]);
}

function shapeOf({ kind }: GraphNode): DrawnNode['shape'] {
  if (kind === 'input' || kind === 'output') return 'end';
  return kind === 'state' || kind === 'trigger' ? kind : 'agent';
}

function linesOf(node: GraphNode): readonly string[] {
  switch (node.kind) {
    case 'trigger':
      return [node.type, ...(node.detail === undefined ? [] : [node.detail])];
    case 'input':
    case 'output':
      return [node.kind];
    case 'state':
      return [node.key];
    case 'block':
      return [node.value === undefined ? (BLOCKS[node.block] ?? node.block) : `${node.block} ${node.value}`];
    case 'flow':
      return [
        node.name === undefined ? node.type : `${node.name}: ${node.type}`,
        ...(node.detail === undefined ? [] : [withoutMarks(node.detail)]),
      ];
    case 'agent':
      return [
        node.name,
        ...(node.operation === undefined ? [] : [node.operation]),
        ...(node.agent_file === undefined ? [] : [`agent file ${node.agent_file}`]),
        ...(node.ensemble === undefined ? [] : [`ensemble ${node.ensemble}`]),
        ...(node.condition === undefined ? [] : [`if ${withoutMarks(node.condition)}`]),
        ...(node.loop === undefined ? [] : [`for each of ${withoutMarks(node.loop)}`]),
      ];
  }
}

/** An expression without its delimiters, when the text is one as a whole. */
function withoutMarks(text: string): string {
  return /^\$\{([^{}]*)\}$|^\$<([^<>]*)>$/.exec(text.trim())?.slice(1).join('') ?? text;
}

const BLOCKS: Readonly<Partial<Record<string, string>>> = { onError: 'on error' };

function drawEdges(
  edges: readonly GraphEdge[],
  ids: ReadonlyMap<string, string>,
  parents: ReadonlyMap<string, string>,
): readonly DrawnEdge[] {
  const drawn = new Map<string, DrawnEdge>();
  for (const edge of edges) {
    const from = ids.get(edge.from);
    const to = ids.get(edge.to);
    // No drawing language can point from a frame to what lies in it.
    if (from === undefined || to === undefined || lies(from, to, parents) || lies(to, from, parents)) continue;
    const back = edge.kind === 'write' ? `state ${to} ${from}` : undefined;
    const key = edge.kind === 'read' || edge.kind === 'write' ? `state ${from} ${to}` : `flow ${from} ${to}`;
    const other = back === undefined ? undefined : drawn.get(back);
    if (back !== undefined && other !== undefined) drawn.set(back, { ...other, both: true });
    else drawn.set(key, joinEdges(drawn.get(key), drawEdge(edge, from, to)));
  }
  return [...drawn.values()];
}

function drawEdge(edge: GraphEdge, from: string, to: string): DrawnEdge {
  switch (edge.kind) {
    case 'order':
      return { from, to, style: 'next', both: false, label: labelOf(edge.why ?? '') };
    // The output is what is read of an agent as a rule; only the rest needs to be said.
    case 'data':
      return { from, to, style: 'data', both: false, label: labelOf(edge.fields.includes('output') ? '' : edge.fields.join(', ')) };
    case 'read':
    case 'write':
      return { from, to, style: 'state', both: false, label: undefined };
  }
}

function labelOf(text: string): string | undefined {
  const label = showLine(text);
  return label === '' ? undefined : label;
}

function joinEdges(known: DrawnEdge | undefined, edge: DrawnEdge): DrawnEdge {
  if (known === undefined || known.style === edge.style) return known ?? edge;
  return { ...known, style: 'handover', label: known.label ?? edge.label };
}

/** Whether `inner` lies in `outer`, or is it. */
function lies(inner: string, outer: string, parents: ReadonlyMap<string, string>): boolean {
  for (let at: string | undefined = inner; at !== undefined; at = parents.get(at)) if (at === outer) return true;
  return false;
}
