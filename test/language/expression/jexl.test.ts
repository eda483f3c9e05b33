import { describe, expect, test } from 'vitest';
import { parseExpression } from '../../../src/language/expression/parse-expression.ts';

const places = (start: number, end: number) => ({ file: 'a.yaml', start, end, line: 1, column: start + 1, endLine: 1, endColumn: end + 1 });
const parse = (text: string, agents: readonly string[] = []) =>
  parseExpression(text, 'jexl', { names: { agents: new Set(agents) }, places });

describe('a Jexl expression', () => {
  test.each([
    ['fetch-user.output', ['fetch-user'], { type: 'jexlMember', object: { type: 'agent', name: 'fetch-user' } }],
    ["input['fetch-user']", ['fetch-user'], { type: 'member', property: 'fetch-user' }],
    ['a-b', ['a', 'b'], { type: 'binary', operator: '-' }],
    ['in-flow', ['in-flow'], { type: 'agent', name: 'in-flow' }],
    ['is-true', ['is-true'], { type: 'agent', name: 'is-true' }],
    ['2 ^ 3', [], { type: 'binary', operator: '**', dialect: 'jexl' }],
    ['7 // 2', [], { type: 'binary', operator: '//', dialect: 'jexl' }],
    ['input.a ?: 1', [], { type: 'logical', operator: '||' }],
    ['null', [], { type: 'undefined' }],
    [
      'input.list[.a > 1]',
      [],
      { type: 'jexlFilter', name: '@1', test: { left: { type: 'member', object: { type: 'parameter', name: '@1' } } } },
    ],
    ['input.list[input.key]', [], { type: 'jexlIndex' }],
    ['input|default(1)', [], { type: 'filter', name: 'default', arguments: [{ type: 'literal', value: 1 }] }],
    ['input.toString', [], { type: 'jexlMember', property: { value: 'toString' } }],
  ])('%s becomes our tree', (text, agents, tree) => {
    const { expression, problems } = parse(text, agents);
    expect(problems).toEqual([]);
    expect(expression).toMatchObject(tree);
  });

  test.each([
    ['items.a', 'unknown-name', 0],
    ['input|nope', 'unknown-filter', 6],
    ['uppercase(input)', 'unknown-builtin', 0],
    ['input.list[(.a > 1)]', 'unknown-name', 13],
    ['input.a.__proto__', 'forbidden-property', 8],
    ['{ __proto__: 1 }', 'forbidden-property', 2],
    ['input.a +', 'expression-syntax', 0],
    ['input[]', 'expression-syntax', 0],
    ['()', 'expression-syntax', 0],
    ['-input.a', 'expression-syntax', 0],
    ['input.a = 1', 'expression-syntax', 0],
    ['"unclosed', 'expression-syntax', 0],
  ])('%s is a problem %s at %i', (text, code, start) => {
    expect(parse(text).problems[0]).toMatchObject({ code, start });
  });

  test.each([
    ['fetch-user.output[. > 1]', 'this is no Jexl expression: unexpected `>`'],
    ['fetch-user.output +', 'this is no Jexl expression: it ends too early'],
  ])('the problem of %s does not repeat the text as Jexl was given it', (text, message) => {
    expect(parse(text).problems[0]?.message).toBe(message);
  });

  test('tells the places of names behind negative numbers and spaces', () => {
    const { problems } = parse('  -1 + - 2 * foo - -3 - bar');
    expect(problems.map(({ start, end }) => [start, end])).toEqual([
      [13, 16],
      [24, 27],
    ]);
  });
});
