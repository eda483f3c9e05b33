import { describe, expect, test } from 'vitest';
import { Linter } from '../../../src/language/lint.ts';
import { EMPTY_PROJECT, type ProjectIndex } from '../../../src/language/project-index.ts';

const SUB = `ensemble: sub
input: { id: { type: integer, required: true }, extra: string }
agents: [{ name: a, operation: transform, config: { value: "\${input.id} \${input.extra}" } }]
output: { n: "\${input.id}" }
`;
const PROJECT: ProjectIndex = {
  ...EMPTY_PROJECT,
  ensembleFile: (reference) => (reference === 'sub' ? { path: 'ensembles/sub.yaml', text: SUB } : undefined),
};

/** What is found in a file. */
function find(text: string): readonly string[] {
  const found = new Linter(PROJECT).lint({ path: 'ensembles/x.yaml', text });
  return found.map(({ code, span, message }) => `${code} ${text.slice(span.start, span.end)}: ${message}`);
}

describe('another ensemble that an agent runs', () => {
  test('is given what it requires, of the types that it declares', () => {
    const text = `ensemble: x
agents:
  - { name: a, ensemble: sub, input: { extr: x } }
  - { name: b, ensemble: sub, input: { id: many } }
  - { name: c, ensemble: sub, input: { id: 1 } }
output: ["\${a.output}", "\${b.output}", "\${c.output.m}"]
`;
    expect(find(text)).toEqual([
      'missing-input extr: "a" is not given the input "id", which ensembles/sub.yaml requires',
      'unknown-input extr: "a" is given the input "extr", which ensembles/sub.yaml does not declare',
      'wrong-input-type many: the input "id" of "b" is `"many"`, and ensembles/sub.yaml takes a whole number',
      'unknown-property m: `c.output` is an object and has no property "m"',
    ]);
  });
});

describe('what types say is never evaluated', () => {
  test.each([
    ['${Array.isArray(input.v) ? input.v.map(x => x) : input.v.trim()}', ['constant-condition']],
    ['${input.v && !input.v.length.map}', ['unknown-property']],
    ['${false && input.v.map(x => x)}', []],
    ['${input.v ?? input.v.map(x => x)}', []],
    ["${'a' || input.v.map(x => x)}", []],
    ['${input.v || input.v.map(x => x)}', ['wrong-method']],
  ])('%s', (source, codes) => {
    const text = `ensemble: x\ninput: { v: { type: string, required: true } }\nagents: [{ name: a, operation: transform, config: { value: "${source}" } }]\n`;
    expect(find(text).map((line) => line.split(' ')[0])).toEqual(codes);
  });
});

test('a finding points at the smallest stretch that is wrong, wherever the expression stands', () => {
  const text = `ensemble: x
state: { schema: { count: { type: number, default: 0 } } }
agents:
  - name: a
    operation: code
    state: { use: [count] }
    config:
      code: |
        // $\{state.count.none}
        return [
          $\{state.count.lenght}, "text $\{
            state.count
              .size
          }", \`$<state.count.width>\`];
  - name: b
    operation: log
    config: { message: 'it''s $\{state.count.height} and "$\{ state["count"].depth }"' }
    state: { use: [count] }
output: $\{a.output}
`.replaceAll('$\\{', '${');
  expect(find(text).map((line) => line.split(':')[0])).toEqual(
    ['lenght', 'size', 'width', 'height', 'depth'].map((name) => `unknown-property ${name}`),
  );
});

test('what could not be parsed is told once', () => {
  const text = 'ensemble: x\nagents: [{ name: a, operation: transform, config: { value: { n: "${1 +}" } } }]\noutput: "${a.output.m}"\n';
  expect(find(text).map((line) => line.split(' ')[0])).toEqual(['expression-syntax']);
});
