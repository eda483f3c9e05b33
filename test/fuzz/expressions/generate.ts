import { FILTER_NAMES, LIST_METHODS, STRING_METHODS } from '../../../src/program/expression-vocabulary.ts';
import type { JsonValue } from '../../../src/program/json.ts';
import { jexlSources, jsSources } from '../../language/types/arbitraries.ts';
import { ATTACKS } from '../../security/expressions/support/attacks.ts';
import { COSTLY } from '../../security/expressions/support/costly.ts';
import { fc } from '../../support/fast-check.ts';

export type FuzzDialect = 'js' | 'jexl';

/** Expressions that someone wrote to do harm, as they stand. */
const hostile = (dialect: FuzzDialect): fc.Arbitrary<string> =>
  fc.constantFrom(...ATTACKS.filter((one) => one.dialect === dialect).flatMap(({ attacks }) => attacks));
const costly = fc.constantFrom(...COSTLY);

// biome-ignore format: one line a theme
const PIECES = [
  '(', ')', '[', ']', '{', '}', '`', '${', "'", '"', '\\', '/', '|', '?', '?.', ':', '=>', '...', ',', '.', '-', '+', '*', '**', '%', '!', '=', '==', '<', '>', '&&', '||', '??',
  ' in ', 'typeof ', 'void ', 'new Date(', 'input', 'input.v', 'state', 'step.output', 'fetch-user', 'x', 'x => ', '(x, i) => ', '({ a, ...r }) => ', 'null', 'undefined', 'NaN', '1e999',
  'constructor', '__proto__', 'prototype', 'toString', 'then', '["constructor"]', '[input.k]', '\\u0063', '\\u{63}', '\u2028', '\u0000', '\uFEFF', '\ud800', '/*', '*/', '//', '$<',
  '.map(', '.replace(', '.reduce(', '.flatMap(', '.repeat(1e5)', '.padEnd(1e6)', '.split("")', '/(a|b)*/', '/a+b/g', '1e5', 'Array.from({ length: 1e5 })', 'JSON.parse(', '| json', '| sort(', '| unique',
];

const mutated = (base: fc.Arbitrary<string>): fc.Arbitrary<string> => {
  const edit = fc.record({ at: fc.nat(), remove: fc.nat({ max: 12 }), insert: fc.oneof(fc.constantFrom(...PIECES), base) });
  return fc.tuple(base, fc.array(edit, { minLength: 1, maxLength: 4 })).map(([text, edits]) =>
    edits.reduce((all, { at, remove, insert }) => {
      const start = at % (all.length + 1);
      return all.slice(0, start) + insert + all.slice(start + remove);
    }, text),
  );
};

/** Loops in loops over what the rest of the grammar gives, and texts and lists that grow by each. */
const growing = (inner: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom('input.long', 'input.big', 'input.many', 'Array.from({ length: 1e5 })', '"ab".repeat(5e5)', 'input.wide'),
      fc.array(
        fc.oneof(
          fc.constantFrom(...STRING_METHODS, ...LIST_METHODS).chain((name) => inner.map((arg) => `.${name}(${arg})`)),
          fc.constantFrom(
            '.map(x => [x, x])',
            '.map(x => x + x)',
            '.flatMap(x => [x, x])',
            '.map(x => input.long)',
            '.map(x => input.big + x)',
            '.concat(input.long)',
          ),
          fc.constantFrom(
            '.reduce((a, x) => a + x)',
            '.map(x => input.many.map(y => x))',
            '.split("")',
            '.join(input.big)',
            '.sort((a, b) => a - b)',
            '.toSorted()',
          ),
        ),
        { minLength: 1, maxLength: 5 },
      ),
      fc.option(fc.constantFrom(...FILTER_NAMES)),
    )
    .map(([start, calls, filter]) => `${start}${calls.join('')}${filter === null ? '' : ` | ${filter}`}`);

/** Expressions of one dialect: of its grammar, hostile, growing, and what becomes of these by edits that may break them. */
export function expressionsOf(dialect: FuzzDialect): fc.Arbitrary<string> {
  const grammar = dialect === 'js' ? jsSources : jexlSources;
  const whole =
    dialect === 'js'
      ? fc.oneof(
          { weight: 9, arbitrary: grammar },
          { weight: 3, arbitrary: hostile('js') },
          { weight: 2, arbitrary: growing(grammar) },
          { weight: 1, arbitrary: costly },
        )
      : fc.oneof({ weight: 3, arbitrary: grammar }, { weight: 1, arbitrary: hostile('jexl') });
  const joined = fc.array(fc.constantFrom(...PIECES), { maxLength: 20 }).map((pieces) => pieces.join(''));
  return fc.oneof({ weight: 4, arbitrary: whole }, { weight: 3, arbitrary: mutated(whole) }, joined);
}

const keys = fc.constantFrom(
  'a',
  'b',
  'v',
  'w',
  'k',
  'name',
  'length',
  '0',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'toJSON',
  'then',
);
const texts = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'constructor',
    '__proto__',
    '${input.secret}',
    '$<1>',
    '(a+)+$',
    '2024-01-01',
    '\u2028\u0000',
    'a,b',
    '12',
    '{"__proto__":{"a":1}}',
  ),
  fc.string({ unit: 'binary', maxLength: 10 }),
);

/** Data such as JSON can bring it, keys that JavaScript knows included. */
export const hostileData: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(texts, fc.double(), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(keys, tie('value')), { maxLength: 4 })
      .map(
        (entries): JsonValue => JSON.parse(`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`),
      ),
  ),
})).value;
