import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/program/json.ts';
import { openTestProject, type TestProject } from '../support/test-project.ts';

let project: TestProject;
beforeAll(async () => {
  project = await openTestProject({});
});
afterAll(() => project?.[Symbol.asyncDispose]());

const outputOf = async (text: string, input: JsonValue = {}): Promise<JsonValue | undefined> => {
  const { finished } = await project.runText('ensembles/names.yaml', text, { input });
  if (finished.status !== 'succeeded') throw new Error(JSON.stringify(finished.failure));
  return finished.output;
};

describe('an agent’s name', () => {
  // Names of the generated module, of the body's parameters, of globals, of members that every object inherits, and words with a meaning to JavaScript.
  const NAMES =
    '_e context holes text console setState signal arguments eval globalThis Object then toString hasOwnProperty async null-x in-x a-b';
  test.each(NAMES.split(' '))('%s is that agent in every kind of hole, and changes nothing around it', async (name) => {
    const output = await outputOf(`ensemble: names
agents:
  - name: ${name}
    operation: code
    config: { code: "return { v: 'mine' }" }
  - name: reader
    operation: code
    config:
      code: |
        console.log('still a console');
        return [\${${name}.output.v}, '\${${name}.output.v}', \`\${${name}.output.v}\`, $<${name}.output.v>];
output: { whole: "\${${name}.output.v}", text: "<\${${name}.output.v}>", jexl: $<${name}.output.v>, code: "\${reader.output}" }
`);
    expect(output).toEqual({ whole: 'mine', text: '<mine>', jexl: 'mine', code: ['mine', 'mine', 'mine', 'mine'] });
  });
});

describe('a state key', () => {
  test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON'])(
    '%s is data, and shows no agent another key',
    async (key) => {
      const output = await outputOf(`ensemble: names
state:
  backend: kv
  key: state-${key}
  schema: { "${key}": any, other: { type: string, default: hidden } }
agents:
  - name: set
    operation: code
    state: { use: ["${key}"], set: ["${key}"] }
    config: { code: "return JSON.parse('{\\"${key}\\": {\\"polluted\\": 1}}')" }
  - name: get
    operation: code
    state: { use: ["${key}"] }
    config: { code: "return [JSON.stringify(state), Object.keys(state), state['oth' + 'er'] ?? 'absent', ({}).polluted ?? 'clean']" }
output: \${get.output}
`);
      expect(output).toEqual([`{"${key}":{"polluted":1}}`, [key], 'absent', 'clean']);
    },
  );
});

test('keys of data that name prototypes pass through every operation as data and reach no prototype', async () => {
  const text = '{"__proto__":{"p":1},"constructor":{"prototype":{"p":1}},"a":{"__proto__":{"p":2}},"then":1,"toJSON":"x"}';
  const output = await outputOf(
    `ensemble: names
state: { schema: { kept: { type: object, reducer: merge, default: {} } } }
agents:
  - name: merged
    operation: transform
    config: { merge: ["\${input.e}", "\${input.e}"], defaults: "\${input.e}" }
    state: { set: { kept: "\${merged.output}" } }
  - name: renamed
    operation: transform
    config: { value: "\${input.e}", pick: [a], rename: { a: __proto__ } }
  - name: sorted
    operation: transform
    config: { value: ["\${input.e}"], sort: __proto__.p }
  - name: code
    operation: code
    config: { code: "return [JSON.stringify(\${input.e}), ({}).p ?? 'clean']" }
output:
  - when: true
    body: [ "\${JSON.stringify(input.e)}", "\${JSON.stringify(merged.output)}", "\${JSON.stringify(state.kept)}", "\${JSON.stringify(renamed.output)}", "\${JSON.stringify(sorted.output[0])}", "\${code.output[0]}", "\${code.output[1]}", "\${Object.fromEntries([]).p ?? 'clean'}" ]
`,
    { e: JSON.parse(text) },
  );
  expect(output).toEqual([text, text, text, '{"__proto__":{"__proto__":{"p":2}}}', text, text, 'clean', 'clean']);
});
