import { instance, type Viz } from '@viz-js/viz';
import { XMLValidator } from 'fast-xml-parser';
import { beforeAll, describe, expect, test } from 'vitest';
import { dot } from '../../../src/cli/graph/dot.ts';
import { createDrawing, type DrawnNode, everyNode } from '../../../src/cli/graph/drawing.ts';
import { json } from '../../../src/cli/graph/json.ts';
import { mermaid } from '../../../src/cli/graph/mermaid.ts';
import { svg } from '../../../src/cli/graph/svg.ts';
import { fc } from '../../support/fast-check.ts';
import { hostileGraph } from './hostile-graphs.ts';
import { agentNode, graphWith } from './support.ts';

const SHOP = graphWith(
  [
    { id: 'trigger', kind: 'trigger', type: 'http', detail: '/orders' },
    { id: 'input', kind: 'input' },
    { id: 'state.n', kind: 'state', key: 'n' },
    agentNode('fetch', { operation: 'http', condition: '${input.url}' }),
    { id: 'each', kind: 'flow', type: 'foreach', name: 'each', detail: '${fetch.output}', children: [agentNode('store')] },
    { id: 'output', kind: 'output' },
  ],
  [
    { kind: 'data', from: 'trigger', to: 'input', fields: [] },
    { kind: 'data', from: 'input', to: 'fetch', fields: [] },
    { kind: 'order', from: 'fetch', to: 'each' },
    { kind: 'data', from: 'fetch', to: 'each', fields: ['output'] },
    { kind: 'read', from: 'state.n', to: 'store' },
    { kind: 'write', from: 'store', to: 'state.n' },
    { kind: 'data', from: 'fetch', to: 'output', fields: ['failed', 'error'] },
  ],
);

/** One statement of a flowchart as we write it: nothing that an author wrote can make another line of it, or another statement of a line. */
const LABEL = '"(?:[\\p{L}\\p{N} _.,/-]|#\\d+;|<br/>)*"';
const MERMAID_LINE = new RegExp(
  `^(?:flowchart TD| +n\\d+(?:\\[${LABEL}\\]|\\(\\[${LABEL}\\]\\)|\\[\\(${LABEL}\\)\\]|\\{\\{${LABEL}\\}\\})| +subgraph n\\d+\\[${LABEL}\\]| +end|  n\\d+ <?(?:-->|==>|-\\.->)(?:\\|${LABEL}\\|)? n\\d+)$`,
  'u',
);

/** What Mermaid shows of a label: the characters that the codes stand for. */
const decode = (label: string): string => label.replaceAll(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
const decodeXml = (text: string): string =>
  text
    .replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll(/&#x([\da-f]+);/gi, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
const isLeaf = ({ children }: DrawnNode): boolean => children.length === 0;

let viz: Viz;
beforeAll(async () => {
  viz = await instance();
});

describe('Mermaid', () => {
  test('draws nodes, frames and arrows', () => {
    expect(mermaid.render(SHOP)).toBe(`flowchart TD
  n1{{"http<br/>/orders"}}
  n2(["input"])
  n3[("n")]
  n4["fetch<br/>http<br/>if input.url"]
  subgraph n5["each#58; foreach<br/>fetch.output"]
    n6["store<br/>log"]
  end
  n7(["output"])
  n1 -.-> n2
  n2 -.-> n4
  n4 ==> n5
  n3 <-.-> n6
  n4 -.->|"failed, error"| n7
`);
  });

  test('draws a frame with nothing in it as a node', () => {
    expect(mermaid.render(graphWith([{ id: 'a', kind: 'flow', type: 'parallel', children: [] }]))).toBe('flowchart TD\n  n1["parallel"]\n');
  });

  test('lets no name, condition or text out of its label, whatever it says', () => {
    fc.assert(
      fc.property(hostileGraph, (graph) => {
        const lines = String(mermaid.render(graph)).trimEnd().split('\n');
        expect(lines.filter((line) => !MERMAID_LINE.test(line))).toEqual([]);
        const opened = lines.filter((line) => /^ +subgraph n\d+\[/.test(line)).length;
        expect(lines.filter((line) => line.trim() === 'end')).toHaveLength(opened);
        const { nodes } = createDrawing(graph);
        const shown = lines.flatMap((line) => /^ +(?:subgraph )?(n\d+)[[({]+"(.*)"[\])}]+$/.exec(line)?.slice(1, 3).join(' ') ?? []);
        expect(shown.map((line) => line.split('<br/>').map(decode).join('\n'))).toEqual(
          everyNode(nodes).map(({ id, lines: label }) => `${id} ${label.join('\n')}`),
        );
      }),
    );
  });

  test('writes what Markdown would read as a list or as emphasis by its code', () => {
    const label = (name: string) => /\["(.*)<br\/>log"\]/.exec(String(mermaid.render(graphWith([agentNode(name)]))))?.[1];
    expect(['- a', '1. a', '_a_', 'a_b', 'a-b', '1.5'].map(label)).toEqual(['#45; a', '1#46; a', '#95;a#95;', 'a_b', 'a-b', '1#46;5']);
  });
});

describe('DOT', () => {
  test('draws nodes, clusters and edges, those at a cluster cut at its border', () => {
    expect(dot.render(SHOP)).toBe(`digraph "x" {
  compound=true; nslimit=2;
  fontname="Helvetica";
  node [shape=box, fontname="Helvetica"];
  edge [fontname="Helvetica", fontsize=10];
  n1 [label="http\\n/orders", shape=hexagon];
  n2 [label="input", style=rounded];
  n3 [label="n", shape=cylinder];
  n4 [label="fetch\\nhttp\\nif input.url"];
  subgraph cluster_n5 {
    label="each: foreach\\nfetch.output";
    n6 [label="store\\nlog"];
  }
  n7 [label="output", style=rounded];
  n1 -> n2 [style=dashed];
  n2 -> n4 [style=dashed];
  n4 -> n6 [penwidth=2, lhead=cluster_n5];
  n3 -> n6 [style=dotted, dir=both];
  n4 -> n7 [style=dashed, label="failed, error"];
}
`);
  });

  test('is read by Graphviz as just these nodes and edges, whatever their texts say', () => {
    fc.assert(
      fc.property(hostileGraph, (graph) => {
        const result = viz.render(String(dot.render(graph)), { format: 'dot_json' });
        expect([result.status, result.errors.filter(({ level }) => level === 'error')]).toEqual(['success', []]);
        const read = JSON.parse(result.output ?? '') as { objects?: { name: string }[]; edges?: unknown[] };
        const { nodes, edges } = createDrawing(graph);
        const expected = everyNode(nodes).map((node) => (isLeaf(node) ? node.id : `cluster_${node.id}`));
        expect((read.objects ?? []).map(({ name }) => name).sort()).toEqual(expected.sort());
        expect(read.edges ?? []).toHaveLength(edges.length);
      }),
    );
  });
});

describe('SVG', () => {
  test('shows every text as it is and nothing else, in XML that is sound', async () => {
    await fc.assert(
      fc.asyncProperty(hostileGraph, async (graph) => {
        const picture = await svg.render(graph);
        expect(XMLValidator.validate(picture)).toBe(true);
        expect([...picture.matchAll(/<([a-zA-Z]+)/g)].map(([, tag]) => tag).filter((tag) => !TAGS.has(tag ?? ''))).toEqual([]);
        const shown = [...picture.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text = '']) =>
          decodeXml(text).replaceAll('\u00a0', ' '),
        );
        const { nodes, edges } = createDrawing(graph);
        const expected = [...everyNode(nodes).flatMap(({ lines }) => lines), ...edges.flatMap(({ label }) => label ?? [])];
        expect(shown.sort()).toEqual(expected.map((text) => text.replaceAll('\u00a0', ' ')).sort());
      }),
      { numRuns: 60 },
    );
  });

  test('is not drawn of a graph that would take minutes', async () => {
    const nodes = Array.from({ length: 400 }, (_, i) => agentNode(`a${i}`));
    const edges = nodes.map(({ id }) => ({ kind: 'data', from: 'a0', to: id, fields: [] }) as const);
    await expect(svg.render(graphWith(nodes, edges))).rejects.toThrow('too large for a picture (400 nodes and 399 edges)');
  });

  test('that Graphviz has no room for is refused as well', async () => {
    const nodes = Array.from({ length: 24_000 }, (_, i) => agentNode(`a${i}`));
    const edges = nodes.slice(1).map(({ id }, i) => ({ kind: 'order', from: `a${i}`, to: id }) as const);
    const outcome = await Promise.resolve(svg.render(graphWith(nodes, edges))).catch(String);
    expect(outcome).toMatch(/^<\?xml|too large for a picture/);
  });

  test('of a large graph is drawn with less effort', async () => {
    const nodes = Array.from({ length: 120 }, (_, i) => agentNode(`a${i}`));
    const edges = nodes.map(({ id }) => ({ kind: 'data', from: 'a0', to: id, fields: [] }) as const);
    expect(await svg.render(graphWith(nodes, edges))).toContain('<svg');
  });
});

const TAGS: ReadonlySet<string> = new Set(['svg', 'g', 'title', 'polygon', 'path', 'text', 'polyline', 'ellipse']);

describe('JSON', () => {
  test('is the graph itself', () => {
    fc.assert(
      fc.property(hostileGraph, (graph) => {
        expect(JSON.parse(String(json.render(graph)))).toEqual(JSON.parse(JSON.stringify(graph)));
      }),
    );
    expect(json.render(graphWith([agentNode('\u009b31m')]))).toContain('"\\u009b31m"');
  });
});

describe('a drawing', () => {
  test('has no arrow between a frame and what lies in it, nor from a node to itself', () => {
    const graph = graphWith(
      [agentNode('a', { children: [agentNode('b')] })],
      [
        { kind: 'data', from: 'a', to: 'b', fields: [] },
        { kind: 'order', from: 'b', to: 'a' },
        { kind: 'order', from: 'b', to: 'b' },
        { kind: 'order', from: 'b', to: 'gone' },
      ],
    );
    expect(createDrawing(graph).edges).toEqual([]);
  });

  test('cuts what is long', () => {
    const [node] = createDrawing(graphWith([agentNode('a', { condition: `\${${'x'.repeat(200)}}` })])).nodes;
    expect(node?.lines[2]).toHaveLength(60);
  });
});
