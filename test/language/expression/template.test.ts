import { describe, expect, test } from 'vitest';
import type { Located, LocatedScalar } from '../../../src/language/document/located.ts';
import { parseTemplate, parseTemplateText } from '../../../src/language/expression/template.ts';
import type { Template } from '../../../src/program/expression.ts';
import { fc } from '../../support/fast-check.ts';

const span = (start: number, end: number) => ({ file: 'a.yaml', start, end, line: 3, column: 10 + start, endLine: 3, endColumn: 10 + end });
const parse = (text: string, agents: readonly string[] = []) =>
  parseTemplateText(text, { names: { agents: new Set(agents) }, places: span });

const scalar = (value: LocatedScalar['value']): LocatedScalar => ({ kind: 'scalar', value, span: span(0, 0), at: span });
function locate(value: unknown): Located {
  if (Array.isArray(value)) return { kind: 'list', items: value.map(locate), span: span(0, 0) };
  if (typeof value !== 'object' || value === null) return scalar(value as LocatedScalar['value']);
  const entries = Object.entries(value).map(([key, item]) => ({ key: { text: key, span: span(0, 0) }, value: locate(item) }));
  return { kind: 'mapping', entries, span: span(0, 0) };
}
const parseValue = (value: unknown): Template => parseTemplate(locate(value), { names: { agents: new Set() } }).template;

describe('a key', () => {
  test('with an expression is a problem, since keys are plain text', () => {
    const { problems } = parseTemplate(locate({ a: { 'user-${input.id}': 1 }, '$<input.x>': 2 }), { names: { agents: new Set() } });
    expect(problems).toMatchObject([
      {
        code: 'expression-not-allowed',
        help: expect.stringContaining('`${{ [input.id]: … }}`; for the characters themselves write `$${`'),
      },
      { code: 'expression-not-allowed' },
    ]);
  });

  test('may hold the characters, escaped', () => {
    expect(parseValue({ 'a $${b}': 1 })).toEqual({ type: 'constant', value: { 'a ${b}': 1 } });
    expect(parseValue({ 'a $${b}': '${input}' })).toMatchObject({ entries: [{ key: 'a ${b}' }] });
  });
});

describe('the text of a template', () => {
  test('that is one expression is a hole with its source and place', () => {
    expect(parse('${input.a}').template).toEqual({
      type: 'hole',
      source: '${input.a}',
      place: { line: 3, column: 10 },
      expression: { type: 'member', object: { type: 'root', name: 'input' }, property: 'a', optional: false },
    });
  });

  test('with more around it keeps its parts', () => {
    const { template } = parse('a ${input.a}$<input.b>\n');
    expect(template).toMatchObject({
      type: 'text',
      parts: ['a ', { source: '${input.a}' }, { source: '$<input.b>', place: { column: 22 } }, '\n'],
    });
  });

  test('without an expression is a constant', () => {
    for (const text of ['', 'plain', '$5 { } < >', '$']) expect(parse(text).template).toEqual({ type: 'constant', value: text });
  });

  test('holds the literal characters for $${ and $$<', () => {
    expect(parse('$${a} $$<b>').template).toEqual({ type: 'constant', value: '${a} $<b>' });
    expect(parse('$${a}${input.b}').template).toMatchObject({ type: 'text', parts: ['${a}', { source: '${input.b}' }] });
    expect(parse('$$ $$$').template).toEqual({ type: 'constant', value: '$$ $$$' });
  });

  test('tells every problem at once, each at its place in the string', () => {
    const { problems } = parse('x ${inputs.a} ${input.b |} $<c> ${unclosed');
    expect(problems.map(({ code, start, end }) => [code, start, end])).toEqual([
      ['unknown-name', 4, 10],
      ['expression-syntax', 24, 25],
      ['unknown-name', 29, 30],
      ['unclosed-expression', 32, 34],
    ]);
    expect(problems[0]).toMatchObject({ message: '`inputs` is no known name; did you mean `input`?', span: { line: 3, column: 14 } });
  });

  test('never throws, whatever it is', () => {
    const part = fc.constantFrom(
      '${',
      '}',
      '$<',
      '>',
      '$${',
      'input',
      '.a',
      '[',
      ']',
      '(',
      ')',
      '=>',
      '{',
      '`',
      "'",
      '|',
      'uppercase',
      ' ',
      '-',
      'a-b',
      '1',
      '/',
      '?',
      ':',
      ',',
      '…',
      '\n',
      'new ',
      '=',
      '...',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 25 }), (parts) => {
        const { template, problems } = parse(parts.join(''), ['a-b']);
        expect(JSON.parse(JSON.stringify(template))).toEqual(template);
        for (const { start, end } of problems) expect(end).toBeGreaterThanOrEqual(start);
      }),
      { numRuns: 3_000 },
    );
  });

  test('tells every name that it reads with the path that follows', () => {
    const { references } = parse(
      '${fetch-user.output.rows[0].name} ${state.docs.map(d => d.id + state.count)} ${input?.["full name"]?.first} ${(state?.a).b} ${item => 1}',
      ['fetch-user'],
    );
    expect(references.map(({ kind, name, path }) => [kind, name, ...path])).toEqual([
      ['agent', 'fetch-user', 'output', 'rows', '0', 'name'],
      ['root', 'state', 'docs'],
      ['root', 'state', 'count'],
      ['root', 'input', 'full name', 'first'],
      ['root', 'state', 'a', 'b'],
    ]);
    expect(references[0]).toMatchObject({ start: 2, end: 32, span: { column: 12 } });
  });

  test('reads no root or agent that a parameter hides', () => {
    expect(parse('${[1].map(input => input.a + state.b)}').references.map(({ name }) => name)).toEqual(['state']);
    expect(parse('${[1].map(({ step, x: [input] }) => step + input)}', ['step']).references).toEqual([]);
    expect(parse('${[1].map((x = input.a) => x)}').references.map(({ name }) => name)).toEqual(['input']);
  });

  test('reads in Jexl what it reads in JavaScript', () => {
    const { references } = parse('$<fetch-user.output.rows[0].name> $<state.items[.price > input.min].id|join(env.SEP)>', ['fetch-user']);
    expect(references.map(({ kind, name, path }) => [kind, name, ...path])).toEqual([
      ['agent', 'fetch-user', 'output', 'rows', '0', 'name'],
      ['root', 'state', 'items'],
      ['root', 'input', 'min'],
      ['root', 'env', 'SEP'],
    ]);
  });

  test('knows further parameters', () => {
    const { template, problems } = parseTemplateText('${current + value}', {
      names: { agents: new Set() },
      places: span,
      parameters: ['current', 'value'],
    });
    expect(problems).toEqual([]);
    expect(template).toMatchObject({ expression: { left: { type: 'parameter', name: 'current' } } });
  });
});

describe('the template of a value', () => {
  test('without expressions is one constant', () => {
    const value = { a: [1, 'x', null, { b: true }], c: {} };
    expect(parseValue(value)).toEqual({ type: 'constant', value });
  });

  test('keeps subtrees without expressions as constants', () => {
    expect(parseValue({ a: { b: 1, c: [2] }, d: ['${input.x}', 3] })).toMatchObject({
      type: 'mapping',
      entries: [
        { key: 'a', value: { type: 'constant', value: { b: 1, c: [2] } } },
        { key: 'd', value: { type: 'list', items: [{ type: 'hole' }, { type: 'constant', value: 3 }] } },
      ],
    });
  });

  test('takes keys as plain text', () => {
    expect(parseValue({ '${input.a}': 1 })).toEqual({ type: 'constant', value: { '${input.a}': 1 } });
  });

  test('takes a key __proto__ as any other', () => {
    const template = parseValue(JSON.parse('{"a": {"__proto__": {"polluted": 1}}}'));
    expect(JSON.stringify(template)).toBe('{"type":"constant","value":{"a":{"__proto__":{"polluted":1}}}}');
    expect(template.type === 'constant' && Object.getPrototypeOf(Object(template.value).a)).toBe(Object.prototype);
  });
});
