import { describe, expect, test } from 'vitest';
import type { Expression } from '../../../src/program/expression.ts';
import { compileExpression } from '../../../src/runtime/expression/compile-expression.ts';
import { MAX_STEPS } from '../../../src/runtime/expression/limits.ts';
import { fc } from '../../support/fast-check.ts';
import { buildScope, evaluate } from './evaluate.ts';

const METHODS = ['filter', 'map', 'some', 'every'] as const;
const BODIES = [
  'x.n > input.limit',
  'x.n',
  'x',
  'x.tags.filter(tag => tag > x.n).length',
  'input.items.map(x => x.n).includes(x.n)',
  '[x].every(y => y.n)',
];

describe('a function of one parameter, which is called without being one', () => {
  const items = fc.array(
    fc.record({ n: fc.integer({ min: 0, max: 3 }), tags: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }) }),
    {
      maxLength: 6,
    },
  );

  test.each(METHODS.flatMap((method) => BODIES.map((body) => [method, body] as const)))(
    '%s gives what it gives with a second parameter: %s',
    (method, body) => {
      fc.assert(
        fc.property(items, fc.integer({ min: 0, max: 3 }), (list, limit) => {
          const input = { items: list, limit };
          const short = evaluate(`input.items.${method}(x => ${body})`, { input });
          expect(short).toEqual(evaluate(`input.items.${method}((x, index) => ${body})`, { input }));
        }),
        { numRuns: 20 },
      );
    },
  );

  test.each(METHODS)('%s takes the steps of each call: as many as there are, and no more', (method) => {
    const list = (length: number) => ({ input: { items: Array.from({ length }, () => (method === 'every' ? { n: 1 } : { n: 0 })) } });
    const text = `input.items.${method}(x => x.n > 0).length`;
    expect(() => evaluate(text, list(MAX_STEPS / 2))).not.toThrow();
    expect(() => evaluate(text, list(MAX_STEPS / 2 + 1))).toThrow(`the expression takes more than ${MAX_STEPS} steps`);
  });

  test.each(METHODS)('%s of what is no list is refused, and does not run', (method) => {
    expect(() => evaluate(`input.text.${method}(x => x.toFixed(101))`, { input: { text: 'a' } })).toThrow(
      `which has no method .${method}()`,
    );
    expect(() => evaluate(`input.none.${method}(x => x)`, { input: {} })).toThrow(`cannot call .${method}()`);
    expect(evaluate(`input.none?.${method}(x => x)`, { input: {} })).toBeUndefined();
  });
});

test('more keys than there are copies of the reader are each read as they are', () => {
  const names = Array.from({ length: 100 }, (_unused, index) => `key${index}`);
  const input = Object.fromEntries(names.map((name, index) => [name, index]));
  for (const name of [...names, ...names]) {
    expect(evaluate(`[input.${name}, [input].map(x => x.${name})[0], run.${name}]`, { input, run: input })).toEqual(
      Array(3).fill(input[name]),
    );
  }
});

// As a program could hold them: the compiler refuses most of these names.
test.each(['constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__proto__', 'length'])(
  'a parameter and the input do not give what they inherit as %s',
  (property) => {
    class Odd {
      inherited = 1;
    }
    const input: Expression = { type: 'root', name: 'input' };
    const ofInput = compileExpression({ type: 'member', object: input, property, optional: false });
    const body: Expression = { type: 'member', object: { type: 'parameter', name: 'x' }, property, optional: false };
    const arrow: Expression = { type: 'arrow', parameters: [{ type: 'name', name: 'x' }], body };
    const ofParameter = compileExpression({
      ...{ type: 'call', object: input, method: 'map', optional: false, optionalCall: false },
      arguments: [arrow],
    });
    for (const value of [{}, [], 'text', 5, true, new Odd(), Object.create({ [property]: 1 })]) {
      const wanted = property === 'length' && (typeof value === 'string' || Array.isArray(value)) ? value.length : undefined;
      expect(ofInput(buildScope({ input: value }))).toBe(wanted);
      expect(ofParameter(buildScope({ input: [value] }))).toEqual([wanted]);
    }
  },
);
