import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/language/compile.ts';
import { EMPTY_PROJECT, type ProjectIndex } from '../../src/language/project-index.ts';
import { fc } from '../support/fast-check.ts';
import { ownTime } from '../support/own-time.ts';

const published = new URL('../../../shared/seed-examples/', import.meta.url);
const own = new URL('../../ensembles/', import.meta.url);
const files = [published, own].flatMap((folder) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.yaml'))
        .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    : [],
);
const FILE = `ensemble: own
input: { id: { type: string, required: true } }
state: { backend: kv, key: "k-\${input.id}", schema: { n: { type: number, default: 0, reducer: add }, l: array } }
agents:
  - name: a-b
    operation: code
    config:
      code: |
        return { x: \${state.n || 0}, t: \`\${input.id} \${state['n']}\`, s: '\${input.id}' };
    state: { use: [n], set: { n: "\${a-b.output.x}" } }
    retry: { maxAttempts: 3, initialDelay: 1s }
  - { name: c, agent: self, input: { v: "$<a-b.output.x>" }, timeout: 5s, schema: { output: { t: string } } }
output: [{ when: "\${c.failed}", status: 500, body: "\${c.error}" }, { body: "\${c.output}" }]
`;
/** The agent file `self` is the mutated text itself: it may run itself, be no agent file, or be broken. */
const project = (text: string): ProjectIndex => ({
  ...EMPTY_PROJECT,
  agentFile: (name) =>
    name === 'self' ? { path: 'agents/self.yaml', text: text.replace('ensemble:', 'agent:').replace('agents:', 'operations:') } : undefined,
});

const PIECES = [
  '${',
  '}',
  '$<',
  '>',
  "'",
  '"',
  '`',
  ': ',
  '- ',
  '\n',
  '  ',
  '[',
  ']',
  '{',
  '}',
  '|',
  '&a ',
  '*a',
  '!!x ',
  '#',
  '%',
  '\0',
  'state',
  'agents:',
  'null',
  '__proto__',
  '😀',
];

test('the file that is mutated has no mistakes', () => {
  const agentFile = 'agent: self\noperation: transform\nconfig: { value: { t: "${input.v}" } }\n';
  expect(compile({ path: 'ensembles/x.yaml', text: FILE }, project(agentFile))).toMatchObject({ program: {}, diagnostics: [] });
});

describe('no text makes the compiler throw or hang', () => {
  test('mutated files end in a program or in errors', () => {
    const edit = fc.record({
      at: fc.nat(),
      remove: fc.nat({ max: 30 }),
      insert: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 5 })),
    });
    fc.assert(
      fc.property(fc.constantFrom(FILE, ...files), fc.array(edit, { minLength: 1, maxLength: 6 }), (file, edits) => {
        let text = file;
        for (const { at, remove, insert } of edits) {
          const start = at % (text.length + 1);
          text = text.slice(0, start) + insert + text.slice(start + remove);
        }
        const { value, ms } = ownTime(() => compile({ path: 'ensembles/x.yaml', text }, project(text)));
        expect(ms).toBeLessThan(2_000);
        const { program, diagnostics } = value;
        expect(program === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
        for (const { span } of diagnostics) expect(span.start).toBeLessThanOrEqual(span.end);
      }),
      { numRuns: 800 },
    );
  });
  test('any YAML value at any place ends in a program or in errors', () => {
    const keys =
      'ensemble name input state agents output limits trigger concurrency operation agent config code script prompt schema retry timeout use set key backend default reducer valid_for initial condition items type properties'.split(
        ' ',
      );
    const value = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5, depthSize: 'small' },
        fc.constantFrom(
          null,
          true,
          0,
          -1,
          1.5,
          '',
          'a',
          '${a.output}',
          '${state.n}',
          '${',
          'log',
          'code',
          'string',
          'return 1',
          './x.json',
          '5s',
        ),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 6 }),
      ),
    })).value;
    fc.assert(
      fc.property(value, value, value, (agent, state, rest) => {
        const base = typeof rest === 'object' && rest !== null && !Array.isArray(rest) ? rest : { output: rest };
        const text = JSON.stringify({
          ...base,
          ensemble: 'x',
          state,
          agents: [agent, { name: 'a', operation: 'code', ...(typeof agent === 'object' ? agent : {}) }],
        });
        const { program, diagnostics } = compile({ path: 'x.yaml', text }, project(text));
        expect(program === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
      }),
      { numRuns: 800 },
    );
  });
});
