import { describe, expect, test } from 'vitest';
import type { Template } from '../../../src/program/expression.ts';
import { compileExpression } from '../../../src/runtime/expression/compile-expression.ts';
import { compileTemplate } from '../../../src/runtime/expression/compile-template.ts';
import { FailureError } from '../../../src/runtime/failure.ts';
import { buildScope, evaluate, render } from './evaluate.ts';

describe('the value of a template', () => {
  test('keeps the type of a single expression', () => {
    const input = { n: 1, b: false, l: [1], o: { a: 1 }, s: 's', z: null };
    for (const [key, value] of Object.entries(input)) expect(render(`\${input.${key}}`, { input })).toBe(value);
    expect(render('${input.none}', { input })).toBe(undefined);
  });

  test('renders expressions among text', () => {
    const input = { n: 1.5, b: false, l: [1, 'a'], o: { a: null }, s: 's', z: null };
    expect(render('${input.n}|${input.b}|${input.l}|${input.o}|${input.s}|${input.z}|${input.none}|', { input })).toBe(
      '1.5|false|[1,"a"]|{"a":null}|s|||',
    );
    expect(render('at ${new Date(0)}')).toBe('at 1970-01-01T00:00:00.000Z');
  });

  test('tells which expressions among text had no value', () => {
    const missing: string[] = [];
    render('${input.a} ${input.b ?? null} ${input.c}', { input: { a: 1 }, missing: (source) => missing.push(source) });
    render('${input.a}', { input: {}, missing: (source) => missing.push(source) });
    expect(missing).toEqual(['${input.b ?? null}', '${input.c}']);
  });

  test('is JSON data', () => {
    expect(render('${[new Date(0), undefined, NaN, Infinity]}')).toEqual(['1970-01-01T00:00:00.000Z', null, null, null]);
    expect(render('${{ a: undefined, b: [undefined], c: new Date(NaN), d: { e: undefined } }}')).toEqual({ b: [null], c: null, d: {} });
    expect(render('${NaN}')).toBe(null);
    expect(Object.keys(render('${"a".match(/a/)}') as object)).toEqual(['0']);
  });

  test('hands on what it reads without copying it', () => {
    const input = { list: [{ a: 1 }] };
    expect(render('${input.list}', { input })).toBe(input.list);
    expect((render('${[...input.list]}', { input }) as unknown[])[0]).toBe(input.list[0]);
  });

  // Names and written keys take a shorter way than other expressions.
  test.each([
    '${input}',
    '${input.toString ?? input.inherited ?? input["hasOwnProperty"]}',
    '${input.list[0].a}',
    '${input.list.length}',
    '${input.text[1] ? input.text.length : state}',
    '${input.none?.deep.deeper}',
    '${(input.zero ? 1 : input.nothing) ?? "none"}',
    '${agent.error ?? agent["output"]}',
    '${missing.output.n}',
    '$<input.list.a && env>',
    '$<input["text"]["length"] || agent.output.n>',
  ])('is the same for %s as what the expression gives', (text) => {
    const input = Object.assign(Object.create({ inherited: 1 }), { list: [{ a: 1 }], text: 'text', zero: 0, nothing: null });
    const agents = new Map([
      ['agent', { output: { n: 7 }, error: undefined }],
      ['missing', undefined],
    ]);
    const roots = { input, state: { a: 1 }, env: { E: 'e' }, agents };
    expect(render(text, roots)).toBe(evaluate(text.slice(2, -1), roots, text.startsWith('$<') ? 'jexl' : 'js'));
  });

  test('leaves undefined entries of a mapping out, and makes items of a list null', () => {
    const hole = (name: string): Template => ({
      type: 'hole',
      source: `\${input.${name}}`,
      place: { line: 1, column: 1 },
      expression: { type: 'member', object: { type: 'root', name: 'input' }, property: name, optional: false },
    });
    const template: Template = {
      type: 'mapping',
      entries: [
        { key: 'a', value: hole('a') },
        { key: 'b', value: hole('none') },
        { key: '__proto__', value: hole('a') },
        { key: 'c', value: { type: 'list', items: [hole('none'), { type: 'constant', value: { x: 1 } }] } },
      ],
    };
    const value = compileTemplate(template)(buildScope({ input: { a: 1 } }));
    expect(JSON.stringify(value)).toBe('{"a":1,"__proto__":1,"c":[null,{"x":1}]}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test('reads agents by name, those that have not run as undefined', () => {
    const agents = new Map<string, unknown>([
      ['fetch-user', Object.freeze(Object.assign(Object.create(null), { output: { id: 7 }, error: undefined }))],
    ]);
    expect(render('${fetch-user.output.id}', { agents })).toBe(7);
    expect(render('${fetch-user}', { agents })).toEqual({ output: { id: 7 } });
    expect(render('${later.output}', { agents: new Map([['later', undefined]]) })).toBe(undefined);
  });
});

describe('a failure', () => {
  test('tells the expression and its place', () => {
    const failing = () => render('text ${input.name.trim()}');
    expect(failing).toThrow(FailureError);
    expect(failing).toThrow('input.name is undefined: cannot call .trim() (in ${input.name.trim()}, line 1)');
    try {
      failing();
    } catch (error) {
      expect((error as FailureError).failure).toMatchObject({
        code: 'EXPRESSION',
        retryable: false,
        details: { line: 1, column: 6, source: '${input.name.trim()}' },
      });
    }
  });

  test('of a key that is computed tells the place, too', () => {
    let deep: unknown = 'key';
    for (let level = 0; level < 1_001; level++) deep = [deep];
    expect(() => render('${input.any[input.deep]}', { input: { any: {}, deep } })).toThrow(
      'a value is nested more than 1000 levels deep (in ${input.any[input.deep]}, line 1)',
    );
  });

  test('shortens a long expression', () => {
    expect(() => render(`\${input.x.trim('${'a'.repeat(5_000)}')}`)).toThrow(/^.{1,250}$/);
  });
});

test('a compiled expression takes values for its parameters, and nested functions their own', () => {
  const sum = compileExpression(
    {
      type: 'binary',
      operator: '+',
      left: { type: 'parameter', name: 'current' },
      right: { type: 'parameter', name: 'value' },
    },
    ['current', 'value'],
  );
  expect(sum(buildScope(), 1, 2)).toBe(3);
  expect(sum(buildScope(), 'a', 'b')).toBe('ab');
});

test('inner functions see the parameters of outer ones, however they are nested and interleaved', () => {
  const text = '${input.a.map(x => input.b.map(y => input.a.filter(z => z != x).map(z => x + y + z)))}';
  const input = { a: [1, 2, 3], b: [10, 20] };
  expect(render(text, { input })).toEqual(input.a.map((x) => input.b.map((y) => input.a.filter((z) => z !== x).map((z) => x + y + z))));
  expect(render('${input.a.toSorted((a, b) => input.b.reduce((sum, c) => sum + c) * (b - a))}', { input })).toEqual([3, 2, 1]);
  expect(render('${input.a.map(x => [x].map(x => x * 2)[0] + x)}', { input })).toEqual([3, 6, 9]);
});
