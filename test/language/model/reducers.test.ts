import { describe, expect, test } from 'vitest';
import { compile } from '../../../src/language/compile.ts';

function compileReducer(reducer: string, type = 'any') {
  const state = `state:\n  schema:\n    key: { type: ${type}, reducer: ${reducer} }`;
  const text = `ensemble: e\n${state}\nagents:\n  - { name: a, operation: transform, config: { value: 1 }, state: { set: { key: 1 } } }\n  - { name: b, operation: transform, state: { use: [key] }, config: { value: "\${state.key}" } }\n`;
  const { program, diagnostics } = compile({ path: 'e.yaml', text });
  return {
    reducer: program?.body.state.schema?.key?.reducer,
    problems: diagnostics.map(({ code, message, help, span }) => ({ code, message, help, column: span.column })),
  };
}

describe('a reducer that the author writes', () => {
  test('is one expression of `current` and `incoming`, in either dialect', () => {
    const js = compileReducer('${(current ?? 0) + incoming}', 'number');
    expect(js.problems).toEqual([]);
    expect(js.reducer).toMatchObject({ expression: { type: 'hole', source: '${(current ?? 0) + incoming}' } });
    expect(compileReducer('"${ {...current, ...incoming} }"', 'object').problems).toEqual([]);
    const jexl = compileReducer('$<current ? (current + incoming) : incoming>');
    expect(jexl.problems).toEqual([]);
    expect(jexl.reducer).toMatchObject({
      expression: { expression: { type: 'conditional', test: { type: 'parameter', name: 'current' } } },
    });
  });

  test('knows no other name, neither roots nor agents', () => {
    for (const name of ['input', 'state', 'env', 'run', 'trigger', 'item', 'a']) {
      expect(compileReducer(`\${${name}}`).problems).toMatchObject([
        { code: 'unknown-name', message: `\`${name}\` is no known name`, help: 'The only names here are current, incoming.', column: 34 },
      ]);
    }
    expect(compileReducer('${curent}').problems).toMatchObject([{ message: '`curent` is no known name; did you mean `current`?' }]);
    expect(compileReducer('$<current + input.x>').problems).toMatchObject([{ code: 'unknown-name' }]);
  });

  test('reads neither clock nor chance', () => {
    for (const call of ['Date.now()', 'new Date()', 'Math.random()', 'crypto.randomUUID()', '[1].map(Math.random)']) {
      expect(compileReducer(`\${${call}}`).problems).toMatchObject([
        { code: 'expression-not-allowed', message: expect.stringContaining('always make the same') },
      ]);
    }
    expect(compileReducer('${new Date(incoming).toISOString()}').problems).toEqual([]);
  });

  test('stands alone', () => {
    expect(compileReducer('"${current}, ${incoming}"').problems).toMatchObject([
      { code: 'expression-not-allowed', message: 'a reducer is one expression, without text around it' },
    ]);
  });

  test('is told what is wrong in it, and what else there is', () => {
    expect(compileReducer('${current +}').problems).toMatchObject([{ code: 'expression-syntax' }]);
    expect(compileReducer('apend').problems[0]?.message).toContain('or an expression of current and incoming');
  });
});
