import { describe, expect, test } from 'vitest';
import { parseExpression } from '../../../src/language/expression/parse-expression.ts';
import type { Expression } from '../../../src/program/expression.ts';

const places = (start: number, end: number) => ({ file: 'a.yaml', start, end, line: 1, column: start + 1, endLine: 1, endColumn: end + 1 });
const parse = (text: string, agents: readonly string[] = []) => parseExpression(text, 'js', { names: { agents: new Set(agents) }, places });
const treeOf = (text: string, agents: readonly string[] = []): Expression => {
  const { expression, problems } = parse(text, agents);
  expect(problems).toEqual([]);
  return expression;
};

const literal = (value: string | number) => ({ type: 'literal', value });
const root = (name: string) => ({ type: 'root', name });
const agent = (name: string) => ({ type: 'agent', name });

describe('hyphens', () => {
  test.each<[text: string, agents: string[], tree: object]>([
    ['fetch-user', ['fetch-user'], agent('fetch-user')],
    ['a-b-c', ['a-b', 'a-b-c'], agent('a-b-c')],
    ['a-b-c', ['a-b', 'c'], { type: 'binary', operator: '-', left: agent('a-b'), right: agent('c') }],
    ['a-b-c', ['a', 'b-c'], { type: 'binary', operator: '-', left: agent('a'), right: agent('b-c') }],
    ['a - b', ['a', 'b', 'a-b'], { type: 'binary', operator: '-', left: agent('a'), right: agent('b') }],
    ['a -b', ['a', 'b', 'a-b'], { type: 'binary', operator: '-', left: agent('a'), right: agent('b') }],
    ['a-1', ['a'], { type: 'binary', operator: '-', left: agent('a'), right: literal(1) }],
    ['a-1', ['a', 'a-1'], agent('a-1')],
    ['a-bc', ['a', 'bc', 'a-b'], { type: 'binary', operator: '-', left: agent('a'), right: agent('bc') }],
    ['a--b', ['a--b'], agent('a--b')],
    ['"a-b"', ['a-b'], literal('a-b')],
    ['`a-b`', ['a-b'], { type: 'template', texts: ['a-b'], values: [] }],
    ['{ a-b }', ['a-b'], { type: 'object', entries: [{ type: 'entry', key: 'a-b', value: agent('a-b') }] }],
    ['[...a-b]', ['a-b'], { type: 'array', items: [{ type: 'spread', value: agent('a-b') }] }],
    ['import.output', ['import'], { type: 'member', object: agent('import'), property: 'output', optional: false }],
    ['delete', ['delete'], agent('delete')],
  ])('%s with agents %j', (text, agents, tree) => {
    expect(treeOf(text, agents)).toEqual(tree);
  });

  test('belong to no property after a dot', () => {
    expect(treeOf('input.a-b', ['a-b', 'b'])).toMatchObject({ type: 'binary', operator: '-', left: { property: 'a' }, right: agent('b') });
  });

  test('that join no known name are explained', () => {
    expect(parse('input.user-id').problems).toMatchObject([
      { code: 'unknown-name', start: 11, end: 13, help: expect.stringContaining('["…-id"]') },
    ]);
  });

  test('are no part of a parameter’s name', () => {
    expect(parse('[1].map(a-b => 1)', ['a-b']).problems).toMatchObject([{ code: 'expression-not-allowed' }]);
  });
});

describe('filters', () => {
  test('apply from left to right, over arithmetic and below && and ??', () => {
    expect(treeOf('input + 1 | round | default(0)')).toEqual({
      type: 'filter',
      name: 'default',
      arguments: [literal(0)],
      input: {
        type: 'filter',
        name: 'round',
        arguments: [],
        input: { type: 'binary', operator: '+', left: root('input'), right: literal(1) },
      },
    });
    expect(treeOf('input ?? 1 | json')).toMatchObject({ type: 'logical', right: { type: 'filter', name: 'json' } });
  });

  test('take functions where they look at items', () => {
    expect(treeOf('input | sort(x => x.price)')).toMatchObject({ arguments: [{ type: 'arrow' }] });
  });

  test('that do not exist are suggested', () => {
    expect(parse('input | upercase').problems).toMatchObject([
      { code: 'unknown-filter', message: 'there is no filter `upercase`; did you mean `uppercase`?', start: 8, end: 16 },
    ]);
  });
});

describe('names', () => {
  test('mean the parameter before the agent before the global', () => {
    expect(treeOf('[1].map(Math => Math)')).toMatchObject({ arguments: [{ body: { type: 'parameter', name: 'Math' } }] });
    expect(treeOf('JSON.output', ['JSON'])).toMatchObject({ object: agent('JSON') });
    expect(treeOf('Math.PI')).toEqual({ type: 'constant', name: 'Math.PI' });
    expect(treeOf('undefined')).toEqual({ type: 'undefined' });
    expect(treeOf('1e999')).toEqual({ type: 'constant', name: 'Infinity' });
  });

  test.each([
    ['inpt.a', 'unknown-name', 'did you mean `input`?'],
    ['fetchuser.output', 'unknown-name', 'did you mean `fetch-user`?'],
    ['Jsn', 'unknown-name', 'is no known name'],
    ['Math.flor(1)', 'unknown-builtin', 'did you mean `Math.floor`?'],
    ['parseint("1")', 'unknown-builtin', 'did you mean `parseInt`?'],
    ['uppercase(input)', 'unknown-builtin', 'there is no function `uppercase`'],
    ['input.list.mp(x => x)', 'unknown-method', 'did you mean `.map()`?'],
    ['input.list.push(1)', 'unknown-method', 'would change the list'],
    ['input.list.forEach(x => x)', 'unknown-method', 'would change the list'],
    ['Math.max', 'expression-not-allowed', 'is a function, not a value'],
    ['Date()', 'expression-not-allowed', 'new Date'],
  ])('%s is a problem %s', (text, code, message) => {
    const { problems } = parse(text, ['fetch-user']);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test('that are wrong are all told at once', () => {
    const { problems } = parse('a.b + c(1) + input.x.foo() + (input | nope) + (d = 1)');
    expect(problems.map(({ code, start }) => [code, start])).toEqual([
      ['unknown-name', 0],
      ['unknown-builtin', 6],
      ['unknown-method', 21],
      ['unknown-filter', 38],
      ['expression-not-allowed', 47],
    ]);
  });
});

test('a syntax error points at the character that is too much', () => {
  expect(parse('input.a + * 2').problems).toMatchObject([
    { code: 'expression-syntax', start: 10, message: 'unexpected `*` in the expression' },
  ]);
  expect(parse('input.a +').problems).toMatchObject([{ code: 'expression-syntax', message: 'the expression ends too early' }]);
  expect(parse('const x = 1').problems).toMatchObject([{ code: 'expression-syntax', help: expect.stringContaining('statements') }]);
});
