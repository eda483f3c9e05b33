import { describe, expect, test } from 'vitest';
import type { Expression } from '../../../src/program/expression.ts';
import { compileExpression } from '../../../src/runtime/expression/compile-expression.ts';
import { renderText } from '../../../src/runtime/expression/render-text.ts';
import { toJson } from '../../../src/runtime/expression/to-json.ts';
import { buildScope, evaluate, failureOf, problemsOf, render } from './evaluate.ts';

const FORBIDDEN = ['__proto__', 'constructor', 'prototype'];
/** What every JavaScript value inherits. */
const INHERITED = ['toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf', 'toLocaleString', '__defineGetter__', '__lookupGetter__'];

const data = () => ({ o: { a: 1 }, list: [1, 2], s: 'text', n: 5, yes: true, when: '2024-01-01' });

describe('a property that data does not own', () => {
  test.each(FORBIDDEN)('%s is refused in every spelling that is known when parsing', (name) => {
    const escaped = `\\u{${name.charCodeAt(0).toString(16)}}${name.slice(1)}`;
    for (const text of [
      `input.${name}`,
      `input?.${name}`,
      `input['${name}']`,
      `input[\`${name}\`]`,
      `input.o.${name}.a`,
      `input.${name}()`,
      `input.${name}.x()`,
      `input.list.map(({ ${name}: x }) => x)`,
      `input.list.map(({ ${name} }) => 1)`,
      `input.list.map(({ '${name}': x }) => x)`,
      `input.list.map(({ a: { ${name}: x } }) => x)`,
      `input.list.map(([{ ${name}: x }]) => x)`,
      `''.${name}`,
      `[].${name}`,
      `(1).${name}`,
      `Math.max(1).${name}`,
      `(x => x).${name}`,
      `input.${escaped}`,
      `input['${escaped}']`,
    ]) {
      expect(problemsOf(text), text).not.toEqual([]);
    }
    for (const text of [`input.${name}`, `input.o.${name}`, `input['${name}']`, `input.list[.${name}]`]) {
      expect(problemsOf(text, [], 'jexl'), text).toContain('forbidden-property');
    }
  });

  test.each([...FORBIDDEN, ...INHERITED])('%s is undefined by a computed key', (name) => {
    const input = { ...data(), name, half: name.slice(0, 3), rest: name.slice(3), box: [name] };
    for (const subject of [
      'input',
      'input.o',
      'input.list',
      'input.s',
      'input.n',
      'input.yes',
      '[]',
      "''",
      '({})',
      'new Date(0)',
      'input.s.match(/e/)',
      'Object.keys(input)',
    ]) {
      expect(evaluate(`${subject}[input.name]`, { input }), subject).toBe(undefined);
      expect(evaluate(`${subject}[input.half + input.rest]`, { input }), subject).toBe(undefined);
      expect(evaluate(`${subject}[input.box]`, { input }), subject).toBe(undefined);
      expect(evaluate(`${subject}?.[input.name]`, { input }), subject).toBe(undefined);
      expect(
        evaluate(`(input.name in ${subject.startsWith('input.s') || /^(input\.(n|yes)|'')/.test(subject) ? 'input' : subject})`, { input }),
      ).toBe(false);
    }
  });

  test.each(INHERITED)('%s is undefined by name', (name) => {
    for (const subject of ['input', 'input.o', 'input.list', 'input.s', 'input.n', 'new Date(0)']) {
      expect(evaluate(`${subject}.${name}`, { input: data() }), subject).toBe(undefined);
    }
    expect(evaluate(`[input].map(({ ${name}: x }) => x)`, { input: data() })).toEqual([undefined]);
    expect(evaluate(`input.${name}`, { input: data() }, 'jexl')).toBe(undefined);
  });

  test('methods are no values', () => {
    for (const name of ['map', 'at', 'slice', 'includes', 'filter', 'join']) {
      expect(evaluate(`input.list.${name}`, { input: data() })).toBe(undefined);
      expect(evaluate(`input.s['${name}']`, { input: data() })).toBe(undefined);
    }
  });

  test('a value from an odd prototype is not seen', () => {
    const odd = Object.create({ inherited: 'secret' }, { own: { value: 1, enumerable: true } });
    expect(evaluate('[input.inherited, input.own, input["inherited"], input.odd?.inherited]', { input: odd })).toEqual([
      undefined,
      1,
      undefined,
      undefined,
    ]);
    expect(evaluate('Object.keys({ ...input })', { input: odd })).toEqual(['own']);
    expect(evaluate('[input].map(({ inherited }) => inherited)', { input: odd })).toEqual([undefined]);
  });

  test('the own data of an object without a prototype is seen', () => {
    const bare = Object.assign(Object.create(null), { a: 1, toString: 'data', constructor: 'data' });
    expect(evaluate('[input.a, input.toString]', { input: bare })).toEqual([1, 'data']);
    expect(evaluate('input[input.key]', { input: Object.assign(bare, { key: 'constructor' }) })).toBe(undefined);
  });

  test('a function that strayed into the data stays out of reach', () => {
    let called = false;
    const stray = () => {
      called = true;
    };
    const input = { stray, list: [1], toString: stray, toJSON: stray, valueOf: stray, then: stray };
    expect(evaluate('[input.stray, input["stray"], input[input.list.length ? "stray" : ""]]', { input })).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(evaluate('`${input} ${input + 1} ${String(input)} ${[input].join()} ${input == 1} ${input > 1}`', { input })).toBe(
      '[object Object] [object Object]1 [object Object] [object Object] false false',
    );
    expect(evaluate('JSON.stringify({ ...input })', { input })).toBe('{"list":[1]}');
    expect(failureOf(() => evaluate('input.list.map(input.stray)', { input })).code).toBe('EXPRESSION');
    expect(called).toBe(false);
  });
});

describe('what no expression may contain', () => {
  test.each([
    'input.a = 1',
    'input.a += 1',
    'input.a++',
    '--input.a',
    'delete input.a',
    'new Map()',
    'new Function("return 1")()',
    'new input.x()',
    'new (Date)(0).constructor()',
    'this',
    'this.x',
    'function () {}',
    'input.list.map(function (x) { return x })',
    'input.list.map(x => { return x })',
    'input.list.map(async x => x)',
    'input.list.map(async (x) => await x)',
    'input.list.map((...x) => x)',
    '(() => 1)()',
    'input.f()',
    'input["map"](x => x)',
    'input.list["map"](x => x)',
    'input.list.map.call(input)',
    'input.list.map(x => x)(1)',
    'input(1)',
    'item(1)',
    'await input.x',
    'yield 1',
    'import("x")',
    'import.meta',
    'class {}',
    '1, 2',
    'input`x`',
    'String.raw`x`',
    '1 & 2',
    '1 ^ 2',
    '~1',
    '1 << 2',
    '1 >>> 2',
    'input instanceof Object',
    '10n',
    '/a/',
    '[/a/]',
    '({ get x() { return 1 } })',
    '({ set x(v) {} })',
    '({ f() { return 1 } })',
    '({ __proto__: input })',
    '({ "__proto__": input })',
    '({ ["__proto__"]: input })',
    'x => x',
    '[x => x]',
    '({ f: x => x })',
    'input.list.concat(x => x)',
    'input.list.map(1, x => x)',
    'JSON.stringify(input, (k, v) => v)',
    'JSON.parse("1", (k, v) => v)',
    'Array.from(x => x)',
    'String(x => x)',
    'Math',
    'JSON',
    'Number',
    'Math.max',
    'globalThis',
    'window',
    'process.env',
    'require("fs")',
    'eval("1")',
    'Function("1")',
    'fetch("http://localhost")',
    'setTimeout(1)',
    'Reflect.ownKeys(input)',
    'Proxy',
    'Symbol.iterator',
    'Promise.resolve(1)',
    'Object.getPrototypeOf(input)',
    'Object.assign(input, {})',
    'Object.defineProperty(input, "a", {})',
    'Array.prototype.map',
    'arguments',
    'undefined()',
    'debugger',
    'input; state',
    'input /* unclosed',
    'if (1) 2',
    'super.x',
    'input.#x',
    '[1,,2]',
    'let x = 1',
    '',
    ' ',
    '...input.list',
    'input |',
    'input | uppercase.name',
    'input | (x => x)',
    'input | map(x => x)',
    'input | uppercase | ',
  ])('%s is a problem, and no crash', (text) => {
    expect(problemsOf(text)).not.toEqual([]);
  });

  test.each([
    '(input)',
    'f(input)',
    'input.list.map(1)',
    'input = 1',
    'input|eval',
    'input|constructor',
    'input|__proto__',
    'Function',
    'constructor',
    'a; b',
    'input.a ? 1',
  ])('in Jexl, %s is a problem or harmless, and no crash', (text) => {
    if (text === '(input)') expect(problemsOf(text, [], 'jexl')).toEqual([]);
    else expect(problemsOf(text, [], 'jexl')).not.toEqual([]);
  });
});

describe('what an expression makes', () => {
  test('has no key __proto__, however it was asked for', () => {
    const hostile = JSON.parse('{"__proto__": {"polluted": true}, "key": "__proto__"}');
    for (const text of [
      '({ ...input.hostile })',
      '({ [input.hostile.key]: { polluted: true } })',
      'Object.fromEntries([[input.hostile.key, { polluted: true }]])',
      'Object.fromEntries(Object.entries(input.hostile))',
      '[input.hostile].map(({ key, ...rest }) => rest)[0]',
    ]) {
      const made = evaluate(text, { input: { hostile } }) as object;
      expect(Object.getPrototypeOf(made), text).toBe(Object.prototype);
      expect(Object.hasOwn(made, '__proto__'), text).toBe(false);
      expect('polluted' in made, text).toBe(false);
    }
    expect('polluted' in {}).toBe(false);
  });

  test('is data: no function, no regular expression, no prototype but those of plain data', () => {
    for (const text of [
      'input.s.match(/t/)',
      'Object.entries(input)',
      'Array.from({ length: 2 })',
      '[...input.list.keys()]',
      'input.list.entries()',
      '[...input.s.matchAll(/t/g)]',
    ]) {
      const visit = (value: unknown): void => {
        expect(typeof value).not.toBe('function');
        if (typeof value !== 'object' || value === null) return;
        expect([Object.prototype, Array.prototype]).toContain(Object.getPrototypeOf(value));
        for (const key of Reflect.ownKeys(value)) visit(Reflect.get(value, key));
      };
      visit(evaluate(text, { input: data() }));
      expect(JSON.parse(JSON.stringify(toJson(evaluate(text, { input: data() }))))).toEqual(toJson(evaluate(text, { input: data() })));
    }
  });

  test('text that comes out of an expression is never parsed again', () => {
    const attack = '${input.secret} $<input.secret> `${1}` */ \' " \\ \n';
    expect(render('a ${input.attack} b', { input: { attack, secret: 's' } })).toBe(`a ${attack} b`);
    expect(render('${input.attack}', { input: { attack, secret: 's' } })).toBe(attack);
    expect(render('${`<${input.attack}>`}', { input: { attack, secret: 's' } })).toBe(`<${attack}>`);
  });

  test('keys such as then, toJSON and toString are data', () => {
    const input = { then: 'x', toJSON: 'y', toString: 'z', valueOf: 1 };
    expect(render('${input}', { input })).toEqual(input);
    expect(render('<${input}>', { input })).toBe(`<${JSON.stringify(input)}>`);
    expect(evaluate('({ ...input, toJSON: 1 })', { input })).toEqual({ ...input, toJSON: 1 });
    expect(renderText({ toJSON: 1 })).toBe('{"toJSON":1}');
  });
});

describe('a program that no compiler wrote', () => {
  const attacks: readonly Expression[] = [
    { type: 'arrow', parameters: [], body: { type: 'literal', value: 1 } },
    { type: 'builtinReference', name: 'Number' },
    { type: 'regex', pattern: '(a+)+$', flags: '', degree: 1 },
    { type: 'builtin', name: 'eval', arguments: [] },
    { type: 'builtin', name: 'constructor', arguments: [] },
    { type: 'filter', name: 'constructor', input: { type: 'literal', value: 1 }, arguments: [] },
    { type: 'constant', name: 'process' },
    { type: 'root', name: 'constructor' as never },
    { type: 'parameter', name: 'nobody' },
    { type: 'array', items: [{ type: 'arrow', parameters: [], body: { type: 'literal', value: 1 } }] },
  ];
  test.each(attacks)('does not compile: %j', (attack) => {
    expect(() => compileExpression(attack)).toThrow(/the program/);
  });

  test('finds nothing behind forbidden names and methods that do not exist', () => {
    const read = compileExpression({ type: 'member', object: { type: 'root', name: 'input' }, property: 'constructor', optional: false });
    expect(read(buildScope({ input: {} }))).toBe(undefined);
    const call = compileExpression({
      type: 'call',
      object: { type: 'literal', value: 'x' },
      method: 'constructor',
      optional: false,
      optionalCall: false,
      arguments: [],
    });
    expect(failureOf(() => call(buildScope())).message).toContain('no method .constructor()');
  });
});
