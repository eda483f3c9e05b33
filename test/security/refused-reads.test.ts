import { describe, expect, test } from 'vitest';
import { compile } from '../../src/language/compile.ts';
import { EMPTY_PROJECT } from '../../src/language/project-index.ts';
import type { RuleName } from '../../src/program/rules.ts';

/** The ways to read a name in an agent's work. Plain JavaScript and its template literals know names of their own: one that is unknown is left to the isolate, which does not have it. */
const WAYS: Readonly<Record<string, (read: string) => string>> = {
  'an expression': (read) => `operation: transform, config: { value: "\${${read}}" }`,
  'text with an expression': (read) => `operation: log, config: { message: "a \${${read}} b" }`,
  Jexl: (read) => `operation: transform, config: { value: "$<${read}>" }`,
  'a hole of a code body': (read) => `operation: code, config: { code: "return \${${read}}" }`,
  'a code body': (read) => `operation: code, config: { code: "return ${read}" }`,
  'a template literal of a code body': (read) => `operation: code, config: { code: "return \`\${${read}}\`" }`,
};

/** Each place with what stands there and may not be read, and the rule that says so. */
const PLACES: Readonly<Record<string, { readonly file: (probe: string) => string; readonly refused: Readonly<Record<string, RuleName>> }>> =
  {
    'an agent': {
      file: (probe) => `agents:
  - { name: probe, ${probe}, state: { use: [open] } }
  - { name: later, operation: transform, config: { value: 1 } }`,
      refused: {
        'state.closed': 'state-read-without-use',
        'state.nothing': 'state-read-without-use',
        'probe.output': 'agent-read-before-run',
        'later.output': 'agent-read-before-run',
        'nobody.output': 'unknown-name',
        item: 'out-of-place-root',
        index: 'out-of-place-root',
        'loop.item': 'out-of-place-root',
        'error.message': 'out-of-place-root',
        mapResults: 'out-of-place-root',
      },
    },
    'a step of a foreach': {
      file: (probe) => `agents:
  - { type: foreach, items: [1], steps: [{ name: probe, ${probe} }, { name: later, operation: transform, config: { value: 1 } }] }`,
      refused: { 'state.closed': 'state-read-without-use', 'error.message': 'out-of-place-root', mapResults: 'out-of-place-root' },
    },
    'what comes after a foreach': {
      file: (probe) => `agents:
  - { type: foreach, items: [1], steps: [{ name: inner, operation: transform, config: { value: "\${item}" } }] }
  - { name: probe, ${probe} }`,
      refused: { item: 'out-of-place-root', index: 'out-of-place-root', 'loop.index': 'out-of-place-root' },
    },
    'a branch of a parallel': {
      file: (probe) => `agents:
  - parallel: [{ name: beside, operation: transform, config: { value: 1 } }, { name: probe, ${probe} }]`,
      refused: { 'state.closed': 'state-read-without-use', 'beside.output': 'agent-read-before-run', item: 'out-of-place-root' },
    },
    'the steps of a try': {
      file: (probe) => `agents:
  - { type: try, steps: [{ name: probe, ${probe} }], catch: [{ name: caught, operation: log, config: { message: "\${error.message}" } }] }`,
      refused: { 'error.message': 'out-of-place-root', 'caught.output': 'agent-read-before-run', 'state.closed': 'state-read-without-use' },
    },
    'the catch of a try': {
      file: (probe) => `agents:
  - { type: try, steps: [{ name: tried, operation: transform, config: { value: 1 } }], catch: [{ name: probe, ${probe} }] }`,
      refused: { 'state.closed': 'state-read-without-use', item: 'out-of-place-root' },
    },
    'the map of a map-reduce': {
      file: (probe) => `agents:
  - { type: map-reduce, items: [1], map: [{ name: probe, ${probe} }], reduce: [{ name: sum, operation: transform, config: { value: "\${mapResults}" } }] }`,
      refused: { mapResults: 'out-of-place-root', 'sum.output': 'agent-read-before-run', 'state.closed': 'state-read-without-use' },
    },
    'the reduce of a map-reduce': {
      file: (probe) => `agents:
  - { type: map-reduce, items: [1], map: [{ name: mapped, operation: transform, config: { value: "\${item}" } }], reduce: [{ name: probe, ${probe} }] }`,
      refused: { item: 'out-of-place-root', index: 'out-of-place-root', 'state.closed': 'state-read-without-use' },
    },
    'a handler of onError': {
      file: (probe) => `agents:
  - { name: fails, operation: assert, config: { that: "\${input.ok}" }, onError: [{ name: probe, ${probe} }] }
  - { name: later, operation: transform, config: { value: 1 } }`,
      refused: { 'state.closed': 'state-read-without-use', 'later.output': 'agent-read-before-run', item: 'out-of-place-root' },
    },
    'a compensation': {
      file: (probe) => `agents:
  - { name: paid, operation: transform, config: { value: 1 }, state: { use: [closed] }, compensate: { name: probe, ${probe} } }
  - { name: later, operation: transform, config: { value: 1 } }`,
      refused: { 'state.closed': 'state-read-without-use', 'later.output': 'agent-read-before-run', item: 'out-of-place-root' },
    },
  };

const HEAD = 'ensemble: x\nstate: { schema: { open: string, closed: string } }\n';

/** The errors of an ensemble, and of the file that it runs, where one is given. */
function errorsOf(text: string, files: { readonly agent?: string; readonly ensemble?: string } = {}): readonly string[] {
  const { agent, ensemble } = files;
  const project = {
    ...EMPTY_PROJECT,
    agentFile: (name: string) => (name === 'inner' && agent !== undefined ? { path: 'agents/inner.yaml', text: agent } : undefined),
    ensembleFile: (name: string) =>
      name === 'inner' && ensemble !== undefined ? { path: 'ensembles/inner.yaml', text: ensemble } : undefined,
  };
  const { diagnostics } = compile({ path: 'x.yaml', text }, project);
  return diagnostics.flatMap(({ severity, code }) => (severity === 'error' ? [code] : []));
}

function isLeftToIsolate(way: string, rule: RuleName): boolean {
  return rule === 'unknown-name' && way.endsWith('code body') && !way.startsWith('a hole');
}

describe.each(Object.entries(PLACES))('%s may not read', (_, { file, refused }) => {
  test.each(Object.entries(refused))('%s', (read, rule) => {
    for (const [way, write] of Object.entries(WAYS)) {
      if (isLeftToIsolate(way, rule)) continue;
      expect(errorsOf(HEAD + file(write(read))), way).toEqual([rule]);
    }
  });

  test('nothing that it is given', () => {
    for (const [way, write] of Object.entries(WAYS)) expect(errorsOf(HEAD + file(write('input.own'))), way).toEqual([]);
  });
});

describe.each(['agent', 'ensemble'] as const)('a file that an agent runs (%s) may not read', (kind) => {
  const caller = `${HEAD}agents:
  - { name: before, operation: transform, config: { value: 1 }, state: { set: { closed: x } } }
  - type: foreach
    items: [1]
    steps:
      - { type: try, steps: [{ name: call, ${kind}: inner, input: { given: 1 } }], catch: [{ name: again, ${kind}: inner, input: { given: 2 } }] }`;
  const inner = (probe: string) =>
    kind === 'agent'
      ? `agent: inner\ninputs: { given: integer }\nstate: { schema: { own: string } }\noperations:\n  - { name: probe, ${probe}, state: { use: [own] } }`
      : `ensemble: inner\ninput: { given: integer }\nstate: { schema: { own: string } }\nagents:\n  - { name: probe, ${probe}, state: { use: [own] } }`;

  test.each(
    Object.entries({
      'before.output': 'unknown-name',
      'call.output': 'unknown-name',
      'state.closed': 'state-read-without-use',
      item: 'out-of-place-root',
      'error.message': 'out-of-place-root',
    } as const),
  )('%s of whoever runs it', (read, rule) => {
    for (const [way, write] of Object.entries(WAYS)) {
      if (isLeftToIsolate(way, rule)) continue;
      expect(errorsOf(caller, { [kind]: inner(write(read)) }), way).toEqual([rule]);
    }
  });

  test('nothing of its own', () => {
    for (const [way, write] of Object.entries(WAYS))
      expect(errorsOf(caller, { [kind]: inner(write('state.own + input.given')) }), way).toEqual([]);
  });
});
