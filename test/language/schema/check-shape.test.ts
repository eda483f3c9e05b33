import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseDocument } from '../../../src/language/document/parse-document.ts';
import { checkShape } from '../../../src/language/schema/check-shape.ts';
import { fc } from '../../support/fast-check.ts';

const FIXTURES = new URL('./fixtures/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, FIXTURES), 'utf8');
const fixturesOf = (folder: string) => readdirSync(new URL(folder, FIXTURES)).filter((name) => name.endsWith('.yaml'));

function shapeOf(text: string, kind: 'ensemble' | 'agent' = 'ensemble') {
  const { root } = parseDocument({ path: 'a.yaml', text });
  if (!root) throw new Error('the text has no values');
  return checkShape(root, kind);
}
const kindOf = (name: string) => (name.endsWith('.agent.yaml') ? 'agent' : 'ensemble');
const codesOf = (text: string, kind: 'ensemble' | 'agent' = 'ensemble') => shapeOf(text, kind).map(({ code }) => code);
const agent = (entries: string) => codesOf(`ensemble: a\nagents:\n  - { name: b, ${entries} }`);

describe('fixtures', () => {
  test.each(fixturesOf('ok/'))('ok/%s has nothing wrong with its shape', (name) => {
    expect(shapeOf(read(`ok/${name}`), kindOf(name))).toEqual([]);
  });

  test.each(fixturesOf('err/'))('err/%s is told what is wrong', async (name) => {
    const lines = shapeOf(read(`err/${name}`), kindOf(name)).map(
      ({ span, code, message, help }) => `${span.line}:${span.column} ${code}: ${message}${help === undefined ? '' : `\n    ${help}`}\n`,
    );
    await expect(lines.join('')).toMatchFileSnapshot(`./fixtures/err/${name.replace(/yaml$/, 'out')}`);
  });
});

describe('a flow step written as elsewhere', () => {
  const step = (text: string) => shapeOf(`ensemble: a\nagents:\n  - ${text}`).map(({ message, help }) => `${message}: ${help}`);
  const a = '{ name: a, operation: log, config: { message: hi } }';

  test('is one finding that says how it is written here', () => {
    expect(step(`{ type: loop, items: [1], steps: [${a}] }`)).toEqual([
      expect.stringMatching(/^`type` must be one of .*found "loop": write `type: foreach` with `items` and `steps`$/),
    ]);
    expect(step(`{ type: sequence, steps: [${a}] }`)).toEqual([
      expect.stringMatching(/found "sequence": steps run in the order of their list/),
    ]);
    expect(step(`{ name: a, type: think }`)).toEqual([
      expect.stringMatching(/found "think": what an agent does is its `operation: think`$/),
    ]);
    expect(step(`{ try: [${a}], catch: [${a}] }`)).toEqual([
      'unknown key "try" in an agent: write `type: try` with `steps`, `catch` and `finally`',
    ]);
    expect(step(`{ name: x, foreach: [1], steps: [${a}] }`)).toEqual([
      'unknown key "foreach" in an agent: write `type: foreach` with `items` and `steps`',
    ]);
  });

  test('is told of the key it means, once', () => {
    expect(step(`{ type: foreach, items: [1], do: [${a}] }`)).toEqual([expect.stringMatching(/^unknown key "do" .*did you mean "steps"/)]);
    expect(step(`{ type: foreach, each: [1], step: ${a} }`)).toEqual([expect.stringMatching(/^unknown key "each" .*did you mean "items"/)]);
    expect(step(`{ type: branch, if: true, steps: [${a}] }`)).toEqual([
      expect.stringMatching(/^unknown key "if" .*did you mean "condition"/),
      expect.stringMatching(/^unknown key "steps" .*did you mean "then"/),
    ]);
  });

  test('whose steps are a mapping is told that they are a list', () => {
    const help = 'begin each step with `- name: …`, or with `- type: …`';
    expect(step(`{ parallel: { x: ${a}, y: ${a} } }`)).toEqual([`\`parallel\` must be a list of steps, found a mapping: ${help}`]);
    expect(step(`{ type: try, steps: ${a}, catch: { steps: [${a}] } }`)).toEqual([
      `\`catch\` must be a list of steps, found a mapping: ${help}`,
    ]);
  });

  test('is still an agent when it says what it does', () => {
    expect(step('{ operation: log, if: true }')).toEqual([
      expect.stringMatching(/^an agent needs/),
      expect.stringMatching(/^unknown key "if" .*did you mean "condition"/),
    ]);
  });
});

describe('checkShape', () => {
  test('points at the key that is wrong, and at the value that is', () => {
    const text = 'ensemble: a\nagents:\n  - name: b\n    operation: log\n    confg: { level: loud }\n    retry: { backoff: expo }\n';
    expect(shapeOf(text).map(({ span }) => text.slice(span.start, span.end))).toEqual(['confg', 'expo']);
  });

  test('knows the settings of each operation, and nothing of an operation that does not exist', () => {
    expect(agent('operation: log, config: { url: x }')).toEqual(['unknown-key']);
    expect(agent('operation: http, config: { message: x }')).toEqual(['unknown-key']);
    expect(agent('operation: dance, config: { message: x }')).toEqual([]);
  });

  test('expressions may stand where numbers, words, lists and mappings are expected', () => {
    const config = 'action: "${input.a}", limit: "$<input.b>", expirationTtl: "${input.c}"';
    expect(agent(`operation: storage, config: { type: kv, ${config} }`)).toEqual([]);
    expect(agent('operation: data, config: { query: a, params: "${input.a}" }')).toEqual([]);
    expect(agent('operation: http, config: "${input.a}"')).toEqual([]);
    expect(agent('operation: http, config: "input.a"')).toEqual(['bad-value']);
  });

  test('a key with nothing behind it counts as absent, its name still counts', () => {
    expect(codesOf('ensemble: a\nagents:\noutput:\nretry:')).toEqual(['unknown-key']);
    expect(codesOf('ensemble:')).toEqual(['missing-key']);
  });

  test('a name of JavaScript is a key like any other', () => {
    expect(codesOf('ensemble: a\n__proto__: { x: 1 }\nconstructor: 1')).toEqual(['unknown-key', 'unknown-key']);
    expect(codesOf('ensemble: a\nstate: { schema: { __proto__: string, toString: number } }')).toEqual([]);
  });

  test('what the compiler’s rules report is left to them', () => {
    expect(agent('operation: http')).toEqual([]);
    expect(agent('operation: http, config: {}, timeout: soon, retry: { maxAttempts: 0 }')).toEqual([]);
    expect(codesOf('ensemble: "no name"\ninput: { a: strng }')).toEqual([]);
  });

  test('the agent file of an ensemble’s key is told apart', () => {
    expect(codesOf('agent: a\nflow: []', 'agent')).toEqual(['unknown-key']);
    expect(codesOf('ensemble: a\noperations: []')).toEqual(['unknown-key']);
  });

  test('any change to a file ends in findings inside it', () => {
    const sample = read('ok/everything.yaml');
    const edit = fc.record({
      at: fc.nat(sample.length),
      length: fc.nat(30),
      text: fc.constantFrom('', '1', '[', ']', '{}', 'x: 1', '\n', '  ', 'null', '- ', '"'),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        const text = edits.reduce((before, { at, length, text: put }) => before.slice(0, at) + put + before.slice(at + length), sample);
        const { root } = parseDocument({ path: 'a.yaml', text });
        if (!root) return;
        for (const { span, message } of [...checkShape(root, 'ensemble'), ...checkShape(root, 'agent')]) {
          expect(span.end).toBeLessThanOrEqual(text.length);
          expect(message).not.toMatch(/undefined|\[object Object/);
        }
      }),
      { numRuns: 120 },
    );
  });
});
