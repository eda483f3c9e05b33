import { expect, test } from 'vitest';
import { parseExpression } from '../../../src/language/expression/parse-expression.ts';
import { fc } from '../../support/fast-check.ts';

const AGENTS = new Set(['fetch', 'fetch-user', 'a-b-c', 'import', 'in']);
const options = {
  names: { agents: AGENTS },
  places: (start: number, end: number) => ({ file: 'x', start, end, line: 1, column: start, endLine: 1, endColumn: end }),
};
const NAMES = ['input', 'state', 'fetch', 'fetch-user', 'fetch-users', 'a-b', 'a-b-c', 'import', 'in', 'null', 'Math', 'undefined', 'x'];
const PROPERTIES = ['output', 'a', '_b', 'constructor', '__proto__', 'length', 'in', 'default'];

test('a path means what the same path in parentheses means, which acorn reads', () => {
  const path = fc.tuple(
    fc.constantFrom(...NAMES),
    fc.array(fc.constantFrom(...PROPERTIES), { maxLength: 24 }),
    fc.constantFrom('', ' ', '\n'),
  );
  fc.assert(
    fc.property(path, ([name, properties, space]) => {
      const text = [name, ...properties].join('.');
      const plain = parseExpression(` ${text}${space}`, 'js', options);
      const read = parseExpression(`(${text}${space})`, 'js', options);
      const known = (parsed: typeof plain) => ({
        expression: parsed.problems.length > 0 ? undefined : parsed.expression,
        references: parsed.references,
        problems: parsed.problems.map(({ code, start }) => `${code} ${start}`),
      });
      expect(known(plain)).toEqual(known(read));
    }),
    { numRuns: 2_000 },
  );
});
