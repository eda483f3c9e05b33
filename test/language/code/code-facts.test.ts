import { describe, expect, test } from 'vitest';
import { type CodeBody, compileCodeBody } from '../../../src/language/code/code-body.ts';
import { createValueParser } from '../../../src/language/model/value-parser.ts';
import { locatedText } from '../support/located-text.ts';

function compileBody(text: string, agents: readonly string[] = []): CodeBody {
  const parser = createValueParser(new Set(agents));
  return compileCodeBody(locatedText(text), { agents: parser.agents, parse: parser.text });
}

describe('what a body returns', () => {
  test.each([
    'const a = 1;',
    'return;',
    'return undefined',
    'return void 0',
    '({ a: 1 })',
    'const f = () => { return 1 }; f();',
    'function f() { return 1 } class A { m() { return 2 } }',
    'if (input.a) { return } else { for (;;) return; }',
  ])('is nothing: %s', (text) => {
    expect(compileBody(text).returns).toEqual({ type: 'nothing' });
  });

  test.each([
    ['return { a: 1, "b": 2, 3: 4 }', ['a', 'b', '3']],
    ['if (input.x) return { a: 1 }; return { b() {}, get c() { return 1 } }', ['a', 'b', 'c']],
    ['try { return { a: 1 } } catch { return } finally {}', ['a']],
    ['switch (input.x) { case 1: return { a } ; default: { label: return { [`b`.x]: 1, ...{} } } }', undefined],
    ['return { ${input.k}: 1 }', undefined],
    ["return { '${input.k}': 1 }", undefined],
    ['return { ...input }', undefined],
    ['return input', undefined],
    ['return ${input.a}', undefined],
    ['throw new Error()', undefined],
    ['return (', undefined],
  ])('is an object whose keys can be seen, or unknown: %s', (text, keys) => {
    expect(compileBody(text).returns).toEqual(keys === undefined ? { type: 'unknown' } : { type: 'objects', keys: new Set(keys) });
  });
});

describe('the free names of a body', () => {
  test.each([
    ['return total + Math.max(1)', ['total', 'Math']],
    ['count = 1; count += 2', ['count']],
    ['{ const inner = 1 } return inner', ['inner']],
    ['const { a = b, ...c } = input; return [a, c]', ['b']],
    ['for (const x of list) x.y.z()', ['list']],
    ["return '${input.a}' + `${gone}`", ['gone']],
    ['return { gone }', ['gone']],
    ['return { key: 1 }.key', []],
    ['return [input, state, env, setState, console, signal, arguments, run, trigger, ${input.a}]', []],
    ['return typeof window === "undefined" ? 1 : window.x', []],
    ['return typeof window.x', ['window']],
    ['return fetch.output + fetch(1)', ['fetch']],
    ['return load-user.output - load', ['load']],
    ['return (', []],
  ])('of `%s` are %j', (text, names) => {
    expect(compileBody(text, ['fetch', 'load-user']).freeNames.map(({ name }) => name)).toEqual(names);
  });

  test('stand where they are first used, as what they are used for', () => {
    const [count, gone] = compileBody('count = 1;\n gone(count, gone)').freeNames;
    expect(count).toMatchObject({ name: 'count', assigned: true, called: false, span: { line: 1, column: 1, endColumn: 6 } });
    expect(gone).toMatchObject({ name: 'gone', assigned: false, called: true, span: { line: 2, column: 2, endColumn: 6 } });
  });
});
