import { describe, expect, test } from 'vitest';
import type { Graph, GraphEdge, GraphNode } from '../../../src/language/graph/graph.ts';
import { graphFile } from '../../../src/language/graph/graph-file.ts';
import { EMPTY_PROJECT } from '../../../src/language/project-index.ts';

function graphOf(text: string, agentFiles: Readonly<Record<string, string>> = {}, path = 'ensembles/x.yaml'): Graph {
  const project = {
    ...EMPTY_PROJECT,
    ensembleFile: () => ({
      path: 'ensembles/other.yaml',
      text: 'ensemble: other\nagents: [{ name: a, operation: log, config: { message: hi } }]\n',
    }),
    agentFile: (name: string) => (agentFiles[name] === undefined ? undefined : { path: `agents/${name}.yaml`, text: agentFiles[name] }),
  };
  const { graph, errors } = graphFile({ path, text }, project);
  expect(errors).toEqual([]);
  if (graph === undefined) throw new Error('there is no graph');
  return graph;
}

/** `order a > b`, `data a > b (output)`: short enough to compare. */
const show = (edge: GraphEdge): string => {
  const extra = edge.kind === 'data' ? edge.fields.join(' ') : edge.kind === 'order' ? edge.why : undefined;
  return `${edge.kind} ${edge.from} > ${edge.to}${extra ? ` (${extra})` : ''}`;
};
const edgesOf = (graph: Graph, ...kinds: GraphEdge['kind'][]): string[] => graph.edges.filter(({ kind }) => kinds.includes(kind)).map(show);

/** The ids of nodes as a tree: `a`, `b[c d]`. */
const tree = (nodes: readonly GraphNode[]): string =>
  nodes.map((node) => node.id + ('children' in node && node.children ? `[${tree(node.children)}]` : '')).join(' ');

const agent = (name: string, value = '1', more = ''): string =>
  `{ name: ${name}, operation: transform, config: { value: "${value}" }${more} }`;
const ensemble = (agents: readonly string[], rest = ''): string =>
  `ensemble: x\nagents:\n${agents.map((a) => `  - ${a}\n`).join('')}${rest}`;

describe('the graph of a list of agents', () => {
  test('has the agents in their order, each with what it does and when', () => {
    const graph = graphOf(`ensemble: shop
agents:
  - { name: a, operation: log, condition: "\${env.X}", config: { message: hi } }
  - { name: b, ensemble: other }
  - { name: c, operation: http, config: { url: "https://x.example" }, loop: { items: "\${a.output}" } }
`);
    expect(graph).toMatchObject({ kind: 'ensemble', name: 'shop', file: 'ensembles/x.yaml' });
    expect(graph.nodes.filter(({ kind }) => kind === 'agent')).toEqual([
      { id: 'a', kind: 'agent', name: 'a', operation: 'log', condition: '${env.X}' },
      { id: 'b', kind: 'agent', name: 'b', ensemble: 'other' },
      { id: 'c', kind: 'agent', name: 'c', operation: 'http', loop: '${a.output}' },
    ]);
    expect(edgesOf(graph, 'order')).toEqual(['order a > b', 'order b > c']);
  });

  test('says which agent reads which, what of it, and whether it reads the input', () => {
    const graph = graphOf(
      ensemble(
        [agent('a', '${input.x}'), agent('b', '${a.output.y} ${a.failed} ${a.output.z}'), agent('c')],
        'output: { b: "${b}", n: "${input.n}" }\n',
      ),
    );
    expect(edgesOf(graph, 'data')).toEqual(['data input > a', 'data a > b (output failed)', 'data b > output', 'data input > output']);
  });

  test('takes the last agent for the output when there is none, and has no input that nothing reads', () => {
    const graph = graphOf(ensemble([agent('a'), agent('b')]));
    expect(tree(graph.nodes)).toBe('a b output');
    expect(edgesOf(graph, 'data')).toEqual(['data b > output (output)']);
  });

  test('does not take an input of the agent’s own for that of the run', () => {
    const own = ', input: { y: "${a.output}" }';
    const graph = graphOf(ensemble([agent('a'), agent('b', '${input.y}', own), agent('c', '1', ', input: { y: "${input.z}" }')]));
    expect(edgesOf(graph, 'data').slice(0, 2)).toEqual(['data a > b (output)', 'data input > c']);
  });

  test('reads code bodies, and not the agent’s own result in its set', () => {
    const graph = graphOf(`ensemble: x
agents:
  - { name: a, operation: log, config: { message: hi } }
  - name: b
    operation: code
    config:
      code: |
        return \${a.output} + \`\${a.duration}\`;
    state: { set: { last: "\${b.output}" } }
`);
    expect(edgesOf(graph, 'data')).toEqual(['data a > b (output duration)', 'data b > output (output)']);
    expect(edgesOf(graph, 'write')).toEqual(['write b > state.last']);
  });

  test('takes what code sets for declared where no `set` is', () => {
    const graph = graphOf(ensemble(['{ name: a, operation: code, config: { code: "setState({ seen: 1 }); return 1;" } }']));
    expect(edgesOf(graph, 'write')).toEqual(['write a > state.seen']);
  });

  test('with `concurrency` has only the order that `depends_on` asks for', () => {
    const graph = graphOf(ensemble([agent('a'), agent('b'), agent('c', '${a.output}', ', depends_on: [b]')], 'concurrency: 2\n'));
    expect(edgesOf(graph, 'order', 'data')).toEqual(['data a > c (output)', 'order b > c', 'data c > output (output)']);
  });
});

describe('the state in a graph', () => {
  const STATE = 'state: { schema: { n: number, idle: string } }\n';

  test('is a node for each key, read and written', () => {
    const graph = graphOf(
      ensemble(
        [agent('a', '${state.n}', ', state: { use: [n], set: { n: "${a.output}" } }'), agent('b', '1', ', state: { set: [n] }')],
        `${STATE}output: \${state.n}\n`,
      ),
    );
    expect(graph.nodes.filter(({ kind }) => kind === 'state')).toEqual([
      { id: 'state.n', kind: 'state', key: 'n' },
      { id: 'state.idle', kind: 'state', key: 'idle' },
    ]);
    expect(edgesOf(graph, 'read', 'write')).toEqual([
      'read state.n > a',
      'write a > state.n',
      'write b > state.n',
      'read state.n > output',
    ]);
  });

  test('that an agent uses as a whole is read where an expression names a key, else all of it', () => {
    const some = graphOf(ensemble([agent('a', '${state.n}', ', state: { use: [state] }')], STATE));
    expect(edgesOf(some, 'read')).toEqual(['read state.n > a']);
    const all = graphOf(ensemble([agent('a', '${state}', ', state: { use: [state] }')], STATE));
    expect(edgesOf(all, 'read')).toEqual(['read state.n > a', 'read state.idle > a']);
  });

  test('without a schema has the keys that the file names', () => {
    const graph = graphOf(ensemble([agent('a', '1', ', state: { set: { k: "${a.output}" } }')]));
    expect(tree(graph.nodes)).toBe('state.k a output');
  });
});

describe('flow steps in a graph', () => {
  const step = (text: string): Graph => graphOf(`ensemble: x\nagents:\n${text}`);

  test('of parallel have no order among their steps', () => {
    const graph = step(
      `  - ${agent('a')}\n  - parallel: [${agent('b')}, ${agent('c', '${a.output}')}]\n  - ${agent('d', '${b.output}')}\n`,
    );
    expect(tree(graph.nodes)).toBe('a parallel[b c] d output');
    expect(edgesOf(graph, 'order')).toEqual(['order a > parallel', 'order parallel > d']);
    expect(edgesOf(graph, 'data')).toEqual(['data a > c (output)', 'data b > d (output)', 'data d > output (output)']);
  });

  test('of branch and switch have a block for each way that has steps', () => {
    const graph = step(`  - { name: way, type: branch, condition: "\${input.x}", then: [${agent('a')}, ${agent('b')}], else: [] }
  - { type: switch, value: "\${input.y}", cases: { one: ${agent('c')}, two: [${agent('d')}] }, default: [${agent('e')}] }
`);
    expect(tree(graph.nodes)).toBe('input way[way.then[a b]] switch[switch.case one[c] switch.case two[d] switch.default[e]] output');
    expect(edgesOf(graph, 'order')).toEqual(['order a > b', 'order way > switch']);
    expect(graph.nodes.filter(({ kind }) => kind === 'flow')).toMatchObject([
      { type: 'branch', name: 'way', detail: '${input.x}' },
      { type: 'switch', detail: '${input.y}', children: [{ value: 'one' }, { value: 'two' }, { block: 'default' }] },
    ]);
  });

  test('of loops have their steps in order', () => {
    const graph = step(`  - { type: foreach, items: "\${input.rows}", steps: [${agent('a', '${item}')}, ${agent('b')}] }
  - { type: while, condition: "\${b.output}", steps: [${agent('c')}] }
`);
    expect(tree(graph.nodes)).toBe('input foreach[a b] while[c] output');
    expect(edgesOf(graph, 'order')).toEqual(['order a > b', 'order foreach > while']);
    expect(edgesOf(graph, 'data')).toContain('data b > while (output)');
  });

  test('of try and map-reduce have blocks that follow one another', () => {
    const graph = step(`  - { type: try, steps: [${agent('a')}], catch: [${agent('b')}], finally: [${agent('c')}] }
  - { type: map-reduce, items: [1], map: [${agent('d', '${item}')}], reduce: [${agent('e', '${mapResults}')}] }
`);
    expect(tree(graph.nodes)).toBe(
      'try[try.steps[a] try.catch[b] try.finally[c]] map-reduce[map-reduce.map[d] map-reduce.reduce[e]] output',
    );
    expect(edgesOf(graph, 'order')).toEqual([
      'order try.steps > try.catch (when one fails)',
      'order try.steps > try.finally',
      'order try > map-reduce',
      'order map-reduce.map > map-reduce.reduce',
    ]);
  });

  test('of an agent’s own, for its failure and to undo it, follow the agent', () => {
    const more = `, onError: [${agent('b', '${a.error}')}], compensate: { operation: log, config: { message: undo } }`;
    const graph = step(`  - ${agent('a', '1', more)}\n  - ${agent('c')}\n`);
    expect(tree(graph.nodes)).toBe('a a.onError[b] a.compensate[compensate of a] c output');
    expect(edgesOf(graph, 'order')).toEqual(['order a > a.onError (when it fails)', 'order a > a.compensate (to undo it)', 'order a > c']);
  });

  test('of `flow` run the agents that `agents` defines, by their ids, with what the entry says instead', () => {
    const graph = graphOf(`ensemble: x
input: { v: string }
state: { schema: { n: number, m: number } }
agents:
  - ${agent('a', '${input.v}', ', condition: "${input.v}"')}
  - ${agent('unused')}
flow:
  - agent: a
  - { agent: a, id: again, input: { v: "\${a.output}" }, condition: "\${a.success}", state: { use: [n], set: { m: "\${again.output}" } } }
output: \${again.output}
`);
    expect(tree(graph.nodes)).toBe('input state.n state.m a again output');
    expect(graph.nodes.filter(({ kind }) => kind === 'agent')).toMatchObject([
      { name: 'a', operation: 'transform', condition: '${input.v}' },
      { name: 'again', operation: 'transform', condition: '${a.success}' },
    ]);
    expect(graph.edges.map(show)).toEqual([
      'data input > a',
      'order a > again',
      'data a > again (success output)',
      'read state.n > again',
      'write again > state.m',
      'data again > output (output)',
    ]);
  });
});

describe('agent files in a graph', () => {
  const INNER = `agent: inner
inputs: { t: string }
state: { schema: { k: number } }
operations:
  - ${agent('one', '${input.t}')}
  - ${agent('two', '${one.output}', ', state: { use: [k] }')}
outputs: { r: "\${two.output}" }
`;

  test('lie in the agent that runs them, with a state and names of their own', () => {
    const graph = graphOf(ensemble(['{ name: one, agent: inner }', agent('last', '${one.output}')]), { inner: INNER });
    expect(tree(graph.nodes)).toBe('input one[one/state.k one/one one/two] last output');
    expect(edgesOf(graph, 'order', 'read')).toEqual(['order one/one > one/two', 'read one/state.k > one/two', 'order one > last']);
    expect(edgesOf(graph, 'data')).toEqual([
      'data input > one',
      'data one/one > one/two (output)',
      'data one > last (output)',
      'data last > output (output)',
    ]);
  });

  test('are drawn once, in the first agent that runs them', () => {
    const graph = graphOf(ensemble(['{ name: a, agent: inner }', '{ name: b, agent: inner }']), { inner: INNER });
    expect(tree(graph.nodes)).toBe('input a[a/state.k a/one a/two] b output');
    expect(graph.nodes[2]).toEqual({ id: 'b', kind: 'agent', name: 'b', agent_file: 'inner' });
  });

  test('that multiply each other make no large graph', () => {
    const files = Object.fromEntries(
      Array.from({ length: 12 }, (_, n) => [
        `f${n}`,
        `agent: f${n}\noperations: [${[0, 1, 2].map((i) => (n === 11 ? agent(`s${i}`) : `{ name: s${i}, agent: f${n + 1} }`)).join(', ')}]\n`,
      ]),
    );
    const { graph } = graphFile(
      { path: 'x.yaml', text: ensemble(['{ name: f0 }']) },
      { ...EMPTY_PROJECT, agentFile: (name) => (files[name] === undefined ? undefined : { path: `${name}.yaml`, text: files[name] }) },
    );
    expect(JSON.stringify(graph).length).toBeLessThan(20_000);
  });

  test('have graphs of their own', () => {
    const graph = graphOf(INNER, {}, 'agents/inner.yaml');
    expect(graph).toMatchObject({ kind: 'agent', name: 'inner' });
    expect(tree(graph.nodes)).toBe('input state.k one two output');
  });
});

test('triggers lead to the input', () => {
  const graph = graphOf(
    ensemble([agent('a', '${input.x}')], 'trigger: [{ type: http, path: /x, public: true }, { type: cron, cron: "0 9 * * *" }]\n'),
  );
  expect(graph.nodes.slice(0, 3)).toEqual([
    { id: 'trigger', kind: 'trigger', type: 'http', detail: '/x' },
    { id: 'trigger~2', kind: 'trigger', type: 'cron', detail: '0 9 * * *' },
    { id: 'input', kind: 'input' },
  ]);
  expect(edgesOf(graph, 'data').slice(0, 2)).toEqual(['data trigger > input', 'data trigger~2 > input']);
});

describe('a file with errors', () => {
  const errorsOf = (text: string): string[] => graphFile({ path: 'x.yaml', text }, EMPTY_PROJECT).errors.map(({ code }) => code);

  test('has a graph as far as it can be read, and says what is wrong', () => {
    const text = ensemble(['{ name: a, operation: nope }', agent('b', '${c.output}'), agent('c'), agent('c')]);
    const { graph, errors } = graphFile({ path: 'x.yaml', text }, EMPTY_PROJECT);
    expect(graph && tree(graph.nodes)).toBe('a b c c~2 output');
    expect(errors.map(({ code }) => code)).toEqual(['unknown-operation', 'agent-read-before-run', 'duplicate-agent']);
  });

  test('has no graph when it is no mapping', () => {
    expect(graphFile({ path: 'x.yaml', text: 'a: [' }, EMPTY_PROJECT)).toMatchObject({ errors: [{ code: 'unclosed-bracket' }] });
    expect(graphFile({ path: 'x.yaml', text: '- 1' }, EMPTY_PROJECT).graph).toBeUndefined();
  });

  test('is none for a warning, for an error that can be switched off, and for what this version cannot run yet', () => {
    expect(errorsOf(ensemble([agent('a', '${state.n}')], 'state: { schema: { n: number } }\n'))).toEqual([]);
    expect(errorsOf(ensemble([`{ parallel: [${agent('a')}] }`]))).toEqual([]);
  });
});
