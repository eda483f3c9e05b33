import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { applyFixes } from '../../../src/language/apply-fixes.ts';
import { lint } from '../../../src/language/lint.ts';
import { EMPTY_PROJECT } from '../../../src/language/project-index.ts';
import { fc } from '../../support/fast-check.ts';

const RULES = ['unneeded-use', 'state-read-without-use'];

/** The text after all fixes of the two rules, made until there are none. */
function fix(text: string): string {
  for (let round = 0; round < 10; round++) {
    const findings = lint({ path: 'ensembles/x.yaml', text }, EMPTY_PROJECT).filter(({ code }) => RULES.includes(code));
    const { text: next } = applyFixes(text, findings);
    if (next === text) return text;
    text = next;
  }
  throw new Error(`the fixes never end: ${text}`);
}

const HEAD = 'ensemble: x\nstate: { backend: kv, schema: { a: number, b: number, c: number } }\nagents:\n';

describe('a key that is not needed', () => {
  test.each([
    ['the first of a flow list', '    state: { use: [b, a] }', '    state: { use: [a] }'],
    ['the last of a flow list', '    state: { use: [ a , b ] }', '    state: { use: [ a ] }'],
    ['one in the middle, quoted', "    state: { use: [a, 'b', a] }", '    state: { use: [a] }'],
    ['an item of a block list', '    state:\n      use:\n        - b\n        - a', '    state:\n      use:\n        - a'],
    ['the last item of a block list', '    state:\n      use:\n      - a\n      - b', '    state:\n      use:\n      - a'],
  ])('is taken out: %s', (_, before, after) => {
    const agent = (state: string): string =>
      `${HEAD}  - name: show # a comment\n    operation: log\n    config: { message: "\${state.a}" }\n${state}\n`;
    expect(fix(agent(before))).toBe(agent(after));
  });

  test.each([
    ['with the key of the list', '    state:\n      use: [b]\n      set: { c: "${1}" }\n', '    state:\n      set: { c: "${1}" }\n'],
    ['with a block list', '    state:\n      set: { c: "${1}" }\n      use:\n        - b\n', '    state:\n      set: { c: "${1}" }\n'],
    ['before another entry in braces', '    state: { use: [b], set: { c: "${1}" } }\n', '    state: { set: { c: "${1}" } }\n'],
    ['behind another entry in braces', '    state: { set: { c: "${1}" }, use: [b] }\n', '    state: { set: { c: "${1}" } }\n'],
    ['with `state` itself, in one line', '    state: { use: [b] }\n', ''],
    ['with `state` itself, in a block', '    state:\n      use: [b, c]\n', ''],
  ])('leaves nothing empty behind: %s', (_, before, after) => {
    const agent = (state: string): string => `${HEAD}  - name: show\n    operation: log\n${state}    config: { message: text }\n`;
    expect(fix(agent(before))).toBe(agent(after));
  });

  test.each([
    ['its line has a comment', '    state:\n      use:\n        - a\n        - b # for later'],
    ['the list goes over several lines', '    state: { use: [a,\n      b] }'],
    ['the list has an anchor', '    state: { use: &keys [a, b] }'],
  ])('stays where its layout is not plain: %s', (_, state) => {
    const text = `${HEAD}  - name: show\n    operation: log\n    config: { message: "\${state.a}" }\n${state}\n`;
    expect(fix(text)).toBe(text);
  });

  test('stays in an agent that stands in braces and would have no state left', () => {
    const text = `${HEAD}  - { name: show, operation: log, config: { message: text }, state: { use: [a] } }\n`;
    expect(fix(text)).toBe(text);
  });
});

describe('a key that is read and not listed', () => {
  test.each([
    ['to a flow list', 'state.a + state.b', '    state: { use: [b] }', '    state: { use: [b, a] }'],
    ['to an empty list', 'state.a', '    state: { use: [] }', '    state: { use: [a] }'],
    [
      'to a block list',
      'state.a + state.b',
      '    state:\n      use:\n        - b # first',
      '    state:\n      use:\n        - b # first\n        - a',
    ],
    ['to a mapping in braces', 'state.a', '    state: { set: { c: "${1}" } }', '    state: { use: [a], set: { c: "${1}" } }'],
    [
      'to a mapping',
      'state.a',
      '    state:\n      # why\n      set: { c: "${1}" }',
      '    state:\n      # why\n      use: [a]\n      set: { c: "${1}" }',
    ],
    ['to an agent without a state', 'state.a', '    description: text # end', '    description: text # end\n    state: { use: [a] }'],
    ['once for each key', 'state.a + state.c + state.a', '    timeout: 1s', '    timeout: 1s\n    state: { use: [a, c] }'],
  ])('is added %s', (_, reads, before, after) => {
    const agent = (state: string): string =>
      `${HEAD}  - name: show\n    operation: log\n    config: { message: "\${${reads}}" }\n${state}\n  - name: next\n    operation: log\n    config: { message: text }\n`;
    expect(fix(agent(before))).toBe(agent(after));
  });

  test.each([
    ['the list is an anchor’s', '    state: { use: &keys [b] }'],
    ['a last value keeps its empty lines', '    description: |+\n      text\n\n'],
    ['an item stands on its own line', '    state: { use:\n      - b }'],
  ])('is left to the author where %s', (_, state) => {
    const text = `${HEAD}  - name: show\n    operation: log\n    config: { message: "\${state.a + state.b}" }\n${state}\n`;
    expect(fix(text)).toBe(text);
  });

  test('is left to the author where the schema does not know it', () => {
    const text = `${HEAD}  - name: show\n    operation: log\n    config: { message: "\${state.d}" }\n`;
    expect(fix(text)).toBe(text);
  });
});

const key = fc.constantFrom('a', 'b', 'c');
const layout = fc.record({
  read: fc.uniqueArray(key),
  use: fc.uniqueArray(key),
  list: fc.constantFrom('flow', 'block'),
  state: fc.constantFrom('flow', 'block'),
  set: fc.boolean(),
  newline: fc.constantFrom('\n', '\r\n'),
  indent: fc.constantFrom('', '  '),
  comment: fc.constantFrom('', ' # a, b: [c]'),
  last: fc.constantFrom('config', 'state', 'block scalar'),
});

function write({
  read,
  use,
  list,
  state,
  set,
  newline,
  indent,
  comment,
  last,
}: typeof layout extends fc.Arbitrary<infer T> ? T : never): string {
  const inner = `${indent}      `;
  const flow = list === 'flow' || state === 'flow';
  const useLines = use.length === 0 ? [] : flow ? [`use: [${use.join(', ')}]`] : [`use:`, ...use.map((each) => `  - ${each}`)];
  const setLines = set ? ['set: { c: "${5}" }'] : [];
  const entries = [...useLines, ...setLines];
  const stateLines =
    entries.length === 0
      ? []
      : state === 'flow'
        ? [`${indent}    state: { ${entries.join(', ')} }${comment}`]
        : [`${indent}    state:${comment}`, ...entries.map((line) => inner + line)];
  const config = [`${indent}    config: { message: "\${[${read.map((each) => `state.${each}`).join(', ')}]}" }${comment}`];
  const body = last === 'config' ? [...stateLines, ...config] : [...config, ...stateLines];
  const end = last === 'block scalar' ? [`${indent}    description: |`, `${inner}some text`, '', `${inner}more`, ''] : [];
  return [
    ...HEAD.trimEnd().split('\n'),
    `${indent}  - name: show${comment}`,
    `${indent}    operation: log`,
    ...body,
    ...end,
    `${indent}  - name: last`,
    `${indent}    operation: transform`,
    `${indent}    config: { value: "\${[1, 2]}" }`,
    '',
  ].join(newline);
}

describe('fixing `use`', () => {
  test('keeps a byte order mark', () => {
    const agent = (state: string): string => `\ufeff${HEAD}  - name: show\n    operation: log\n    config: { message: text }\n${state}`;
    expect(fix(agent('    state: { use: [a] }\n'))).toBe(agent(''));
  });

  test('makes it the keys that are read and changes no other value, comment or line end, whatever the layout', () => {
    fc.assert(
      fc.property(layout, (given) => {
        // With the last key the whole `state` goes, and with it would go its comment: that is left to the author.
        fc.pre(given.read.length > 0 || given.use.length === 0 || given.set || given.comment === '');
        const before = write(given);
        const after = fix(before);
        const [was, is] = [parse(before), parse(after)];
        const [agent] = is.agents;
        const expected = [
          ...given.use.filter((each) => given.read.includes(each)),
          ...given.read.filter((each) => !given.use.includes(each)),
        ];
        expect(agent.state?.use ?? []).toHaveLength(expected.length);
        expect(new Set(agent.state?.use ?? [])).toEqual(new Set(expected));
        const others = (file: typeof is): unknown => {
          const { use: _use, ...state } = file.agents[0].state ?? {};
          return { ...file, agents: [{ ...file.agents[0], state }, ...file.agents.slice(1)] };
        };
        expect(others(is)).toEqual(others(was));
        expect(after.replaceAll('\r\n', '').includes('\n')).toBe(given.newline === '\n');
        expect(after.split(given.comment)).toHaveLength(given.comment === '' ? after.length : before.split(given.comment).length);
        expect(after.includes('\r')).toBe(given.newline === '\r\n');
      }),
      { numRuns: 300 },
    );
  });
});
