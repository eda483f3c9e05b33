import {
  BUILTIN_NAMES,
  CONSTANTS,
  DATE_METHODS,
  FILTER_NAMES,
  LIST_METHODS,
  NUMBER_METHODS,
  STRING_METHODS,
} from '../../../src/program/expression-vocabulary.ts';
import type { JsonObject, JsonSchema, JsonValue } from '../../../src/program/json.ts';
import { fc } from '../../support/fast-check.ts';

const KEYS = ['a', 'b', 'name', 'length', '0', 'tags'];
const words = fc.constantFrom('', 'a', 'b', 'zoé', '12', '-1.5', 'true', '2024-05-06', 'a,b');
const numbers = fc.oneof(fc.integer({ min: -3, max: 20 }), fc.constantFrom(0.5, -2.25, 1e6));
const leaf: fc.Arbitrary<JsonValue> = fc.oneof(fc.constant(null), fc.boolean(), words, numbers);

/** JSON Schemas of every shape that types know something of, and of some that they do not. */
export const schemas: fc.Arbitrary<JsonSchema> = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<JsonSchema>({ type: 'string' }, { type: 'number' }, { type: 'integer' }, { type: 'boolean' }, { type: 'null' }, {}),
    fc.uniqueArray(leaf, { minLength: 1, maxLength: 3 }).map((choices): JsonSchema => ({ enum: choices })),
    leaf.map((value): JsonSchema => ({ const: value })),
    fc.constantFrom<JsonSchema>({ type: ['string', 'null'] }, { type: ['integer', 'array'] }, { type: 'array' }, { type: 'object' }),
    tie('schema').map((items): JsonSchema => ({ type: 'array', items })),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((branches): JsonSchema => ({ anyOf: branches })),
    fc
      .record({
        properties: fc.dictionary(fc.constantFrom(...KEYS), tie('schema'), { maxKeys: 3 }),
        required: fc.subarray(KEYS),
        additionalProperties: fc.option(fc.oneof(fc.boolean(), tie('schema')), { nil: undefined }),
      })
      .map(
        ({ properties, required, additionalProperties }): JsonSchema => ({
          type: 'object',
          properties,
          // What is required and not described could never be there when nothing else is allowed.
          required: additionalProperties === false ? required.filter((key) => Object.hasOwn(properties, key)) : required,
          ...(additionalProperties === undefined ? {} : { additionalProperties }),
        }),
      ),
  ),
})).schema;

/** Values that satisfy a schema of `schemas`. */
export function valuesOf(schema: JsonValue): fc.Arbitrary<JsonValue> {
  if (schema === true || schema === false) return leaf;
  const { enum: choices, const: constant, anyOf, type, items, properties = {}, required = [], additionalProperties } = schema as JsonObject;
  if (constant !== undefined) return fc.constant(constant);
  if (Array.isArray(choices)) return fc.constantFrom(...(choices as JsonValue[]));
  if (Array.isArray(anyOf)) return fc.oneof(...(anyOf as JsonValue[]).map(valuesOf));
  if (Array.isArray(type)) return fc.oneof(...(type as string[]).map((name) => valuesOf({ ...(schema as JsonObject), type: name })));
  switch (type) {
    case 'string':
      return words;
    case 'number':
      return numbers;
    case 'integer':
      return fc.integer({ min: -3, max: 20 });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(items === undefined ? leaf : valuesOf(items), { maxLength: 3 });
    case 'object': {
      const described = properties as Readonly<Record<string, JsonValue>>;
      const must = required as readonly string[];
      const others = additionalProperties === undefined || additionalProperties === true ? leaf : valuesOf(additionalProperties);
      const known = Object.fromEntries(Object.entries(described).map(([key, inner]) => [key, valuesOf(inner)]));
      const bare = must.filter((key) => !Object.hasOwn(described, key));
      return fc
        .record({
          further:
            additionalProperties === false
              ? fc.constant({})
              : fc.dictionary(fc.constantFrom(...['x', 'y', ...KEYS].filter((key) => !Object.hasOwn(described, key))), others, {
                  maxKeys: 2,
                }),
          bare: fc.record(Object.fromEntries(bare.map((key) => [key, others]))),
          known: fc.record(known, { requiredKeys: must.filter((key) => Object.hasOwn(described, key)) }),
        })
        .map(({ further, bare: given, known: own }): JsonValue => ({ ...further, ...given, ...own }) as JsonObject);
    }
    default:
      return leaf;
  }
}

const pick = (...texts: string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);
const write = (strings: TemplateStringsArray, ...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((values) => String.raw({ raw: strings }, ...values));

const key = pick(...KEYS, 'x', 'none');
const literal = pick(
  "'a'",
  "'12'",
  '`t`',
  '0',
  '1',
  '2.5',
  '(-1)',
  'true',
  'false',
  'null',
  'undefined',
  "'length'",
  '[]',
  '[1, "b"]',
  '({})',
);
const withoutFunction = (names: readonly string[]) => names.filter((name) => !FUNCTION_METHODS.has(name));
const FUNCTION_METHODS: ReadonlySet<string> = new Set(
  'every some filter find findIndex findLast findLastIndex map flatMap reduce reduceRight match matchAll search'.split(' '),
);
const PLAIN_METHODS = withoutFunction([...new Set([...STRING_METHODS, ...LIST_METHODS, ...NUMBER_METHODS, ...DATE_METHODS])]);
const PLAIN_BUILTINS = BUILTIN_NAMES.filter((name) => name !== 'crypto.randomUUID');
/** Types take a sum of finite numbers for finite, which it is unless they are as large as this one. */
const constants = [...CONSTANTS.keys()].filter((name) => name !== 'Number.MAX_VALUE');
const names = ['input.v', 'input.w', 'input', 'state.v', 'step.output', 'step', 'env.KEY', 'run'];

/** Expressions of `${…}` over `names`: of every operator, method, builtin and filter, whatever it is given. */
export const jsSources: fc.Arbitrary<string> = fc.letrec<{ any: string; list: string; atom: string; body: string }>((tie) => {
  const [any, list, atom, body] = [tie('any'), tie('list'), tie('atom'), tie('body')];
  return {
    atom: fc.oneof(pick(...names), literal, pick(...constants)),
    list: fc.oneof(
      { depthSize: 'small' },
      pick('input.v', '[1, 2, null]', '[{ a: 1, name: "x" }, { a: null }]', "['b', 'a']", '[]', '[[1], [2, "c"]]'),
      write`[${any}, ${any}]`,
      write`[...${list}, ${any}]`,
      write`Object.entries(${any})`,
      write`Object.values(${any})`,
      write`${list}.${pick('map', 'filter', 'flatMap')}((x, i) => ${body})`,
      write`(${list} | ${pick('sort', 'unique', 'reverse', 'values')})`,
    ),
    /** Inside of a function `x` and `i` are known. */
    body: fc.oneof(
      { depthSize: 'small' },
      pick('x', 'i', 'x.a', 'x?.name', 'x[0]', '[x]', '({ x, i })', '`${x}`', 'x ?? 0', '!x', 'typeof x', 'x + i', 'x * 2', "x || 'n'"),
      write`(x ${pick('==', '===', '<', '&&', '||', '??', '-')} ${any})`,
      any,
    ),
    any: fc.oneof(
      { depthSize: 'small' },
      { weight: 4, arbitrary: atom },
      { weight: 2, arbitrary: list },
      write`(${any}).${key}`,
      write`(${any})?.${key}`,
      write`(${any})[${any}]`,
      write`(${any})?.${key}?.${key}`,
      write`(${any} ${pick('+', '-', '*', '/', '%', '**')} ${any})`,
      write`(${any} ${pick('==', '!=', '===', '!==', '<', '<=', '>', '>=', 'in')} ${any})`,
      write`(${any} ${pick('&&', '||')} ${any})`,
      write`(${any} ?? ${any})`,
      write`(${any} ? ${any} : ${any})`,
      write`${pick('!', '-', '+', 'typeof ', 'void ')}(${any})`,
      write`[${any}, ...${list}]`,
      write`({ ${key.map((name) => `'${name}'`)}: ${any}, ...${any} })`,
      write`({ ...${any}, ${key.map((name) => `'${name}'`)}: ${any} })`,
      write`({ ${key.map((name) => `'${name}'`)}: 'before', ...${pick('input.v', 'input.w', 'state.v', 'step.output')} })`,
      write`({ [${any}]: ${any}, a: ${any} })`,
      write`\`<\${${any}}>\``,
      write`(${any}).${pick(...PLAIN_METHODS)}(${any})`,
      write`(${any}).${pick(...PLAIN_METHODS)}()`,
      write`(${any})?.${pick(...PLAIN_METHODS)}(${any}, ${any})`,
      write`(${any})?.${key}.${pick('trim', 'at', 'toString', 'slice')}()`,
      write`(${any}).${pick('trim', 'at', 'toFixed')}?.()`,
      write`(${list}).${pick('at', 'slice', 'concat', 'flat', 'join', 'with', 'toSpliced', 'entries', 'keys')}(${any}, ${any})`,
      write`${list}.${pick('every', 'some', 'filter', 'find', 'findIndex', 'findLast', 'map', 'flatMap')}((x, i) => ${body})`,
      write`${list}.${pick('filter', 'map', 'find')}(${pick('Boolean', 'Number', 'String', 'Math.abs', 'Array.isArray')})`,
      write`${list}.map(({ a, name = 1, ...rest }) => [a, name, rest])`,
      write`${list}.map(([x, ...i]) => ${body})`,
      write`${list}.${pick('reduce', 'reduceRight')}((x, i) => ${body}, ${any})`,
      write`${list}.reduce((x, i) => ${body})`,
      write`(${any} + '').${pick('match', 'split')}(/(a)|b/${pick('', 'g')})`,
      write`(${any} + '').${pick('search', 'split')}(/[a,]/)`,
      write`[...(${any} + '').matchAll(/a(.)?/g)]`,
      write`(${any} + '').replace(${pick("'a'", '/a/g')}, ${pick("'b'", '(x) => x')})`,
      write`/a/.${pick('test', 'exec')}(${any})`,
      write`${pick(...PLAIN_BUILTINS)}(${any}, ${any})`,
      write`${pick(...PLAIN_BUILTINS)}(${any})`,
      write`${pick(...PLAIN_BUILTINS)}()`,
      write`Math.${pick('max', 'min', 'hypot')}(...${list})`,
      write`Array.from(${any}, (x, i) => ${body})`,
      write`Object.fromEntries(${list})`,
      write`Object.fromEntries(Object.entries(${any}))`,
      write`(${any} | ${pick(...FILTER_NAMES)})`,
      write`(${any} | ${pick(...FILTER_NAMES)}(${any}))`,
      write`(${list} | ${pick('sort', 'unique', 'sum', 'min', 'max')}(${pick("'a'", 'x => x', 'x => x.a')}))`,
      write`(${list} | ${pick('sum', 'min', 'max', 'first', 'last', 'slice(1)')})`,
    ),
  };
}).any;

/** The same for `$<…>`. */
export const jexlSources: fc.Arbitrary<string> = fc.letrec<{ any: string; list: string }>((tie) => {
  const [any, list] = [tie('any'), tie('list')];
  return {
    list: fc.oneof(
      { depthSize: 'small' },
      pick('input.v', 'input.w', '[1, 2]', "['a']", '[{a: 1, name: "x"}, {}]'),
      write`[${any}, ${any}]`,
    ),
    any: fc.oneof(
      { depthSize: 'small' },
      { weight: 3, arbitrary: pick(...names, '1', '2.5', "'a'", 'true', 'false', '[]', '{a: 1}') },
      list,
      write`(${any}).${key.filter((name) => !/^\d/.test(name))}`,
      write`(${any})[${pick('0', "'a'", '1', 'true', 'false', 'input.v', 'input.w')}]`,
      write`${list}[.a ${pick('>', '==', '!=')} ${pick('1', "'x'", 'input.v')}]`,
      write`(${any})[.name]`,
      write`(${any} ${pick('+', '-', '*', '/', '//', '%', '^', '==', '!=', '<', '>=', 'in', '&&', '||')} ${any})`,
      write`(${any} ? ${any} : ${any})`,
      write`(${any} ?: ${any})`,
      write`(!${any})`,
      write`{a: ${any}, name: ${any}}`,
      write`(${any})|${pick(...FILTER_NAMES)}`,
      write`(${any})|${pick(...FILTER_NAMES)}(${any})`,
    ),
  };
}).any;
