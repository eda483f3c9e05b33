import { describe, expect, test } from 'vitest';
import { diffPrograms } from '../../../src/cli/control/program-diff.ts';
import { programOf } from './support.ts';

const BASE = `ensemble: shop
state: { schema: { total: number } }
agents:
  - name: fetch
    operation: http
    config: { url: 'https://example.com', headers: { x: place } }
    timeout: 30s
  - name: sum
    operation: code
    config: { code: 'return 1' }
    state: { set: { total: '\${sum.output}' } }
  - name: each
    operation: log
    loop: { items: [1, 2] }
    config: { message: '\${item}' }
  - type: branch
    name: choose
    condition: \${sum.output > 1}
    then:
      - { name: note, operation: log, config: { message: { place: here } } }
    else:
      - { name: other, operation: log, config: { message: no } }
output: \${sum.output}
`;
const base = programOf(BASE);
const diff = (from: string, to: string) =>
  diffPrograms(base, programOf(BASE.replace(from, to))).map(({ type, what, parts }) => [type, what, ...parts].join(' '));

describe('what a changed file would do differently', () => {
  test.each<[string, string, readonly string[]]>([
    ['https://example.com', 'https://example.org', ['changed fetch config']],
    ['x: place', 'x: places', ['changed fetch config']],
    ['timeout: 30s', 'timeout: 40s', ['changed fetch timeout']],
    ["code: 'return 1'", "code: 'return 2'", ['changed sum code']],
    ["total: '${sum.output}'", "total: '${sum.output + 1}'", ['changed sum state']],
    ['items: [1, 2]', 'items: [1, 2, 3]', ['changed each (loop) items']],
    ['sum.output > 1', 'sum.output > 2', ['changed choose condition']],
    ['place: here', 'place: there', ['changed note config']],
    ['message: { place: here }', 'message: { place: { line: 1, column: 2 } }', ['changed note config']],
    ['output: ${sum.output}', 'output: ${sum.output + 1}', ['changed output']],
    ['{ total: number }', '{ total: { type: number, default: 0 } }', ['changed state']],
    ['name: note', 'name: notes', ['removed note', 'added notes']],
    ['operation: http', 'operation: http\n    condition: ${input.a}', ['changed fetch condition']],
    ['operation: http', 'operation: http\n    onError: continue', ['changed fetch what becomes of its failure']],
    ['operation: http', 'operation: http\n    retry: { maxAttempts: 3 }', ['changed fetch retry']],
    ['operation: http', 'operation: http\n    compensate: { operation: log, config: { message: x } }', ['added fetch:compensate']],
    ['output: ${', 'limits: { max_steps: 5 }\noutput: ${', ['changed limits']],
  ])('%s → %s', (from, to, changes) => {
    expect(diff(from, to)).toEqual(changes);
  });

  test('a step that moves into another block, and steps in another order, are told', () => {
    const moved = BASE.replace(/ {6}- \{ name: note.*\n/, '').replace(
      '    else:\n',
      (line) => `${line}      - { name: note, operation: log, config: { message: { place: here } } }\n`,
    );
    const program = programOf(moved.replace('    then:\n', '    then: []\n'));
    expect(diffPrograms(base, program)).toMatchObject([{ what: 'note', parts: ['its place in the flow'] }]);
    const agent = "  - name: each\n    operation: log\n    loop: { items: [1, 2] }\n    config: { message: '${item}' }\n";
    const reordered = programOf(BASE.replace(agent, '').replace('agents:\n', `agents:\n${agent}`));
    expect(diffPrograms(base, reordered)).toEqual([{ file: 'shop.yaml', type: 'changed', what: 'the order of the steps', parts: [] }]);
  });

  test.each([
    ['ensemble: shop', '# A comment.\n\n\nensemble: shop'],
    ['ensemble: shop', 'ensemble: shop\ndescription: sells things\nversion: 2.0.0'],
    ['operation: http', 'description: reads it\n    operation: http'],
    ["{ url: 'https://example.com', headers: { x: place } }", "\n      url: 'https://example.com'\n      headers: { x: place }"],
  ])('%s → %s is no difference', (from, to) => {
    expect(diff(from, to)).toEqual([]);
  });
});
