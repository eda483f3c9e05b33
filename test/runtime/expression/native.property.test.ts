import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { FailureError } from '../../../src/runtime/failure.ts';
import { fc } from '../../support/fast-check.ts';
import { evaluate } from './evaluate.ts';

/** Expressions of every shape over names whose values differ in type; what is generated is text, as an author writes it. */
const sources = fc.letrec<Record<'any' | 'number' | 'text' | 'list' | 'object' | 'condition', string>>((tie) => {
  const [any, number, text, list, object, condition] = [
    tie('any'),
    tie('number'),
    tie('text'),
    tie('list'),
    tie('object'),
    tie('condition'),
  ];
  const write = (strings: TemplateStringsArray, ...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
    fc.tuple(...parts).map((values) => String.raw({ raw: strings }, ...values));
  const pick = (...texts: string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);
  const small = fc.integer({ min: -3, max: 6 }).map(String);
  const key = pick('a', 'b', 'name', 'price', 'tags', 'none', '0', 'length');
  const word = pick("''", "'a'", "'b,c'", "' x '", "'Zoé'", "'12'", "'\\n'", '"it\'s"', '`t`');
  return {
    any: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      pick('input.any', 'input.n', 'input.missing', 'undefined', 'null', 'true', 'state', 'input.o'),
      number,
      text,
      list,
      object,
      condition,
      write`(${condition} ? ${any} : ${any})`,
      write`(${any} ?? ${any})`,
      write`(${any} || ${any})`,
      write`(${any} && ${any})`,
      write`input.o?.${pick('a', 'b', 'name', 'tags')}`,
      write`input.missing?.x.y`,
      write`${object}[${word}]`,
      write`${list}[${small}]`,
      write`${list}.at(${small})`,
      write`${list}.find(x => ${pick('x', 'x > 1', 'x == null', '!x')})`,
      write`${list}.reduce((sum, x) => ${pick('sum + x', 'x', 'sum', '[sum, x]')}, ${any})`,
      write`(${any} + ${any})`,
      write`JSON.parse(JSON.stringify(${any}) ?? 'null')`,
      write`({ x: ${any} }.x)`,
    ),
    number: fc.oneof(
      { depthSize: 'small' },
      pick('0', '1', '2.5', '-1', '1e3', 'NaN', 'Infinity', 'input.a', 'input.b', 'Math.PI', '0x1f').map((source) => `(${source})`),
      write`(${any} ${pick('-', '*', '/', '%', '**')} ${any})`,
      write`(-${any})`,
      write`(+${any})`,
      write`${text}.length`,
      write`${list}.length`,
      write`${list}.indexOf(${any})`,
      write`${text}.indexOf(${text})`,
      write`Number(${any})`,
      write`parseInt(${any}, ${pick('10', '16', 'undefined')})`,
      write`parseFloat(${any})`,
      write`Math.${pick('max', 'min', 'round', 'floor', 'abs', 'sign', 'trunc', 'hypot')}(${any}, ${number})`,
      write`Math.max(...${list})`,
      write`${list}.findIndex(x => ${condition})`,
      write`${text}.charCodeAt(${small})`,
    ),
    text: fc.oneof(
      { depthSize: 'small' },
      pick('input.s', 'input.t', "'text'", "'a-b-c'"),
      word,
      write`\`<${any}|${any}>\``
        .map((source) => source.replaceAll('<', '<${').replaceAll('|', '}|${').replaceAll('>`', '}>`'))
        .filter((source) => (source.match(/[<>|]/g) ?? []).length === 3),
      write`String(${any})`,
      write`(typeof ${any})`,
      write`${text}.${pick('trim()', 'toUpperCase()', 'toLowerCase()', 'trimEnd()', 'normalize()', 'toString()')}`,
      write`${text}.slice(${small}, ${small})`,
      write`${text}.substring(${small}, ${small})`,
      write`${text}.substr(${small}, ${small})`,
      write`${text}.padStart(${small}, ${word})`,
      write`${text}.repeat(${pick('0', '1', '2')})`,
      write`${text}.charAt(${small})`,
      write`${text}.replace(${text}, ${pick("'-'", "'$&$&'", "'[$`]'", '"[$\']"', "'$$'", "'$1'", 'm => m + m')})`,
      write`${text}.replaceAll(${word}, ${pick("'-'", "'$&'", '(m, at) => at')})`,
      write`${text}.replace(/([a-z])([^a-z]?)/${pick('', 'g', 'gi')}, ${pick("'$2$1'", "'$3$0$10'", '(m, a, b, at) => `${b}${at}`')})`,
      write`${list}.join(${pick("','", "''", 'undefined', "' '")})`,
      write`${number}.toFixed(${pick('0', '2')})`,
      write`(${number}).toString(${pick('', '2', '16')})`,
      write`encodeURIComponent(${text})`,
      write`(JSON.stringify(${any}, null, ${pick('0', '2', "'-'")}) ?? 'none')`,
    ),
    list: fc.oneof(
      { depthSize: 'small' },
      pick('input.list', 'input.items', 'input.mixed', '[]', '[1, 2, 3]', "['b', 'a']", '[[1, [2]], 3]'),
      write`[${any}, ${any}]`,
      write`[...${list}, ${any}]`,
      write`[...${text}]`,
      write`${list}.map(x => ${pick('x', 'x * 2', 'x?.name', '[x]', '`${x}`', '({ x })', 'typeof x')})`,
      write`${list}.map((x, i, all) => ${pick('i', 'all.length', 'x + i', 'all[i]')})`,
      write`${list}.map(${pick('Number', 'String', 'Boolean', 'parseInt', 'Math.abs', 'isNaN', 'Array.isArray')})`,
      write`${list}.filter(x => ${pick('x', 'x > 1', "x != 'a'", 'x?.price >= 5', "typeof x == 'number'")})`,
      write`${list}.filter(Boolean)`,
      write`${list}.slice(${small}, ${small})`,
      write`${list}.concat(${any}, ${list})`,
      write`${list}.flat(${pick('', '1', '2', 'Infinity')})`,
      write`${list}.flatMap(x => ${pick('x', '[x, x]', '[[x]]')})`,
      write`${list}.toSorted()`,
      write`${list}.toSorted((a, b) => ${pick('a - b', 'b - a', '0', 'a > b')})`,
      write`${list}.toReversed()`,
      write`${list}.toSpliced(${small}, ${small}, ${any})`,
      write`${text}.split(${pick("','", "''", 'undefined', '/[,-]/', '/(-)/')})`,
      write`(${text}.match(/[a-c]/${pick('', 'g')}) ?? [])`.map((source) => `[...${source}]`),
      write`Object.keys(${object})`,
      write`Object.values(${object})`,
      write`Object.entries(${object})`,
      write`Array.from(${list}, (x, i) => ${pick('i', 'x')})`,
      write`Array.from({ length: ${pick('0', '2', '3.7')} }, (_, i) => i * 2)`,
      write`input.items.map(({ ${pick('name', 'name: price', 'price = 7', 'none = 1', '...rest')} }) => ${pick('1', '[typeof rest]')})`.map(
        (source) => (source.includes('...rest') ? source.replace('[typeof rest]', 'rest') : source.replace('[typeof rest]', '2')),
      ),
      write`Object.entries(${object}).map(([key, value]) => ${pick('key', 'value', '[value, key]')})`,
    ),
    object: fc
      .oneof(
        { depthSize: 'small' },
        pick('input.o', '{}', "{ a: 1, 'b c': 2, 3: 4 }", 'state'),
        write`{ ...${object}, a: ${any} }`,
        write`{ [${key.map((name) => `'${name}'`)}]: ${any}, ...${any} }`,
        write`Object.fromEntries(${object.map((source) => `Object.entries(${source})`)})`,
        write`Object.fromEntries(${list}.map(x => [x, 1]))`,
      )
      .map((source) => (source.startsWith('{') ? `(${source})` : source)),
    condition: fc.oneof(
      { depthSize: 'small' },
      pick('true', 'false', 'input.yes'),
      write`(${any} ${pick('==', '!=', '===', '!==', '<', '<=', '>', '>=')} ${any})`,
      write`(!${any})`,
      write`(${key.map((name) => `'${name}'`)} in ${object})`,
      write`${text}.${pick('includes', 'startsWith', 'endsWith')}(${text})`,
      write`${list}.includes(${any})`,
      write`${list}.${pick('some', 'every')}(x => ${pick('x', 'x > 1', '!x')})`,
      write`Array.isArray(${any})`,
      write`isNaN(${any})`,
      write`Number.isInteger(${any})`,
      write`/^[a-z]/i.test(${text})`,
      write`Boolean(${any})`,
    ),
  };
});

/** Each kind as often as the others, so that every operator and method is met some twenty times a run. */
const anySource = fc.oneof(sources.any, sources.number, sources.text, sources.list, sources.object, sources.condition);

const leaf = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer({ min: -9, max: 99 }),
  fc.double({ min: -5, max: 5, noNaN: true }),
  fc.string({ maxLength: 6 }),
);
const inputs = fc
  .record({
    a: fc.integer({ min: -5, max: 50 }),
    b: fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
    s: fc.string({ maxLength: 12 }),
    t: fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-', ',', ' ', '1', 'é', '😀', '$', '&') }),
    n: fc.constant(null),
    yes: fc.boolean(),
    list: fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 6 }),
    items: fc.array(fc.record({ name: fc.string({ maxLength: 4 }), price: fc.integer({ min: 0, max: 20 }) }), { maxLength: 4 }),
    mixed: fc.array(leaf, { maxLength: 5 }),
    o: fc.record({ a: leaf, b: leaf, name: fc.string({ maxLength: 3 }), tags: fc.array(fc.string({ maxLength: 2 }), { maxLength: 3 }) }),
    any: fc.jsonValue({ maxDepth: 2 }),
  })
  // Plain objects, as JSON.parse makes them.
  .map((input) => structuredClone(input));

type Outcome = { readonly value: unknown } | { readonly thrown: unknown };

function outcomeOf(run: () => unknown): Outcome {
  try {
    return { value: run() };
  } catch (thrown) {
    return { thrown };
  }
}

/** What JavaScript itself makes of the text. Only here: nothing of Ensemble ever builds a function from text. */
function runNative(source: string, input: unknown, state: unknown): Outcome {
  const native = new Function('input', 'state', `'use strict'; return (${source});`);
  return outcomeOf(() => native(input, state));
}

test('an expression has the value of the native function of the same text', () => {
  let compared = 0;
  fc.assert(
    fc.property(anySource, inputs, (source, input) => {
      const state = { count: 2, docs: [{ id: 'x' }] };
      const expected = runNative(source, structuredClone(input), structuredClone(state));
      const actual = outcomeOf(() => evaluate(source, { input, state }));
      // Nothing but failures may be thrown, whatever JavaScript does.
      if ('thrown' in actual && !(actual.thrown instanceof FailureError)) throw actual.thrown;
      // Where JavaScript throws we may be milder: reading from null and undefined gives undefined.
      if ('thrown' in expected) return;
      if ('thrown' in actual) throw new Error(`native gives a value, we fail: ${(actual.thrown as Error).message}`);
      compared++;
      if (!isDeepStrictEqual(actual.value, expected.value)) expect(actual.value).toStrictEqual(expected.value);
      return isDeepStrictEqual(actual.value, expected.value);
    }),
    { numRuns: 8_000 },
  );
  // Most of what is generated must have a value to compare, or the property says little.
  expect(compared).toBeGreaterThan(5_000);
});

test('an expression changes nothing that it reads', () => {
  fc.assert(
    fc.property(anySource, inputs, (source, input) => {
      const before = structuredClone(input);
      outcomeOf(() => evaluate(source, { input, state: {} }));
      return isDeepStrictEqual(input, before);
    }),
    { numRuns: 500 },
  );
});
