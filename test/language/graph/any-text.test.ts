import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { GraphNode } from '../../../src/language/graph/graph.ts';
import { graphFile } from '../../../src/language/graph/graph-file.ts';
import { EMPTY_PROJECT } from '../../../src/language/project-index.ts';
import { fc } from '../../support/fast-check.ts';

const folder = new URL('../../../ensembles/', import.meta.url);
const texts = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));
/** A file with every flow step, so that what is cut out of it leaves some of them broken. */
const FLOW = `ensemble: x
trigger: [{ type: cron, cron: "0 9 * * *" }]
agents:
  - parallel: [{ name: a, operation: log, config: { message: hi } }, { name: b, agent: c }]
  - { type: branch, condition: "\${a.output}", then: [{ name: d, ensemble: e }], else: { name: f } }
  - { type: switch, value: "\${b.output}", cases: { one: { name: g }, two: [{ name: h }] }, default: [] }
  - { type: foreach, name: each, items: "\${input.x}", step: { name: i, onError: [{ name: j }], compensate: { operation: log } } }
  - { type: while, condition: "\${state.k}", steps: [{ name: l, state: { use: [k], set: { k: "\${l.output}" } } }] }
  - { type: try, steps: [{ name: m }], catch: [{ name: n, config: { message: "\${error}" } }], finally: [] }
  - { type: map-reduce, items: [1], map: { name: o }, reduce: { name: p, depends_on: [a] } }
flow:
  - { agent: a, id: again, input: "\${again}" }
output: [{ when: "\${a}", body: "\${each.output}" }]
`;

const cuts = fc.array(fc.tuple(fc.nat(), fc.nat(40), fc.constantFrom('', ' ', '\n', '[]', '{}', 'a', '"', '- ', ': ', '*a', '&a ', '~')), {
  minLength: 1,
  maxLength: 4,
});

function idsOf(nodes: readonly GraphNode[]): readonly string[] {
  return nodes.flatMap((node) => [node.id, ...idsOf('children' in node ? (node.children ?? []) : [])]);
}

describe('the graph of any text', () => {
  test('is one whose ids are unique and whose edges lie between its nodes, or there is none and an error', () => {
    fc.assert(
      fc.property(fc.constantFrom(FLOW, ...texts), cuts, (text, changes) => {
        const changed = changes.reduce((now, [at, length, put]) => {
          const start = at % (now.length + 1);
          return now.slice(0, start) + put + now.slice(start + length);
        }, text);
        const { graph, errors } = graphFile({ path: 'x.yaml', text: changed }, EMPTY_PROJECT);
        if (graph === undefined) {
          expect(errors).not.toEqual([]);
          return;
        }
        const ids = idsOf(graph.nodes);
        expect(new Set(ids).size).toBe(ids.length);
        expect(graph.edges.filter(({ from, to }) => !ids.includes(from) || !ids.includes(to))).toEqual([]);
        expect(graphFile({ path: 'x.yaml', text: changed }, EMPTY_PROJECT).graph).toEqual(graph);
      }),
      { numRuns: 300 },
    );
  });
});
