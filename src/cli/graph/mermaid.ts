import { createDrawing, type DrawnEdge, type DrawnNode } from './drawing.ts';
import type { GraphFormat } from './format.ts';

const SHAPES: Readonly<Record<DrawnNode['shape'], readonly [open: string, close: string]>> = {
  agent: ['[', ']'],
  end: ['([', '])'],
  state: ['[(', ')]'],
  trigger: ['{{', '}}'],
};
const ARROWS: Readonly<Record<DrawnEdge['style'], string>> = { next: '-->', handover: '==>', data: '-.->', state: '-.->' };

/** A flowchart of Mermaid, which GitHub and many editors draw in Markdown. */
export const mermaid: GraphFormat = {
  render(graph) {
    const { nodes, edges } = createDrawing(graph);
    const lines = ['flowchart TD', ...nodes.flatMap((node) => renderNode(node, '  ')), ...edges.map((edge) => `  ${renderEdge(edge)}`)];
    return `${lines.join('\n')}\n`;
  },
};

function renderNode({ id, shape, lines, children }: DrawnNode, indent: string): readonly string[] {
  const label = quote(lines);
  if (children.length > 0) {
    return [`${indent}subgraph ${id}[${label}]`, ...children.flatMap((child) => renderNode(child, `${indent}  `)), `${indent}end`];
  }
  const [open, close] = SHAPES[shape];
  return [`${indent}${id}${open}${label}${close}`];
}

function renderEdge({ from, to, style, both, label }: DrawnEdge): string {
  return `${from} ${both ? '<' : ''}${ARROWS[style]}${label === undefined ? '' : `|${quote([label])}|`} ${to}`;
}

/**
 * All but letters, digits and a few signs that mean nothing to Mermaid; of these signs those at places where Markdown would read them: Mermaid takes
 * labels as Markdown. `_` may stand inside a word, `-` and `.` not where they begin a list.
 */
const UNSAFE = /[^\p{L}\p{N} _.,/-]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|^-|(?<=^\d+)\./gu;

/** A label: what is not safe becomes a character code, which Mermaid shows as the character and reads neither as its own syntax nor as Markdown or HTML. */
function quote(lines: readonly string[]): string {
  const escaped = lines.map((line) => line.replaceAll(UNSAFE, (character) => `#${character.codePointAt(0)};`));
  return `"${escaped.join('<br/>')}"`;
}
