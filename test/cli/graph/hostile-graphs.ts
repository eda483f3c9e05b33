import type { Graph, GraphEdge, GraphNode } from '../../../src/language/graph/graph.ts';
import { fc } from '../../support/fast-check.ts';

/** Text that ends a label, a statement, a comment or a tag in one of the languages that graphs are written in. */
const PIECES = [
  '"',
  "'",
  '`',
  '\\',
  '\\"',
  '\n',
  '\r',
  '\t',
  '<br/>',
  '<script>',
  '-->',
  '==>',
  '|',
  '[',
  ']',
  '(',
  ')',
  '{{',
  '}}',
  '#',
  ';',
  '#quot;',
  '&lt;',
  '&',
  '\\N',
  '\\l',
  '%%',
  '%%{init: {}}%%',
  'end',
  'subgraph x',
  'style a:#fff;',
  'click a href',
  '_b_',
  '**b**',
  '- x',
  '1. x',
  '$$',
  ':::',
  '@{',
  '\u001b[31m',
  '\u202e',
  '\u0000',
  '\uffff',
  '\ud800',
  '😀',
  'é',
  'x',
  ' ',
];

export const hostileText = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

const node: (depth: number) => fc.Arbitrary<(id: () => string) => GraphNode> = fc.memo((depth) => {
  const children = depth <= 1 ? fc.constant([]) : fc.array(node(depth - 1), { maxLength: 3 });
  return fc.tuple(fc.nat(4), hostileText, hostileText, children).map(([kind, one, other, inner]) => (id) => {
    const own = id();
    const nodes = inner.map((make) => make(id));
    const all: readonly GraphNode[] = [
      { id: own, kind: 'agent', name: one, operation: other, condition: other, children: nodes },
      { id: own, kind: 'flow', type: 'branch', name: one, detail: other, children: nodes },
      { id: own, kind: 'block', block: 'case', value: one, children: nodes },
      { id: own, kind: 'state', key: one },
      { id: own, kind: 'trigger', type: one, detail: other },
    ];
    return all[kind] as GraphNode;
  });
});

function idsOf(nodes: readonly GraphNode[]): readonly string[] {
  return nodes.flatMap((each) => [each.id, ...idsOf('children' in each ? (each.children ?? []) : [])]);
}

/** Small graphs of any shape, with names, conditions and ids that try to break out. */
export const hostileGraph: fc.Arbitrary<Graph> = fc
  .tuple(
    hostileText,
    fc.array(node(3), { minLength: 1, maxLength: 4 }),
    fc.array(fc.tuple(fc.nat(20), fc.nat(20), fc.nat(3), hostileText), { maxLength: 10 }),
  )
  .map(([name, makers, links]) => {
    let count = 0;
    const nodes = makers.map((make) => make(() => `${name}${count++}`));
    const ids = idsOf(nodes);
    const edges = links.map(([a, b, kind, text]): GraphEdge => {
      const from = ids[a % ids.length] as string;
      const to = ids[b % ids.length] as string;
      if (kind === 0) return { kind: 'order', from, to, why: text };
      if (kind === 1) return { kind: 'data', from, to, fields: [text] };
      return { kind: kind === 2 ? 'read' : 'write', from, to };
    });
    return { kind: 'ensemble', name, file: 'x.yaml', nodes, edges };
  });
