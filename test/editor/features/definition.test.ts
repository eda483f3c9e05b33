import { describe, expect, test } from 'vitest';
import { findDefinition } from '../../../src/editor/features/definition.ts';
import { findReferences } from '../../../src/editor/features/references.ts';
import { listSymbols } from '../../../src/editor/features/symbols.ts';
import { cursorIn, type Scene } from '../support/cursor.ts';
import { agent, EXAMPLE } from '../support/example.ts';

/** Line and text of what the definition points at; the path of another file. */
function definition(marked: string, scene?: Scene): readonly string[] {
  const cursor = cursorIn(marked, scene);
  const { path, text } = cursor.snapshot;
  return findDefinition(cursor).map((target) =>
    target.path === path ? `${text.slice(0, target.start).split('\n').length}: ${text.slice(target.start, target.end)}` : target.path,
  );
}
const output = (expression: string) => definition(`${EXAMPLE}output: ${expression}`);

const PROJECT: Scene = {
  project: {
    agentFile: (name) => (name === 'greet' ? { path: 'agents/greet/agent.yaml', text: 'agent: greet\n' } : undefined),
    agentFiles: () => [{ path: 'agents/greet@1.2.0.yaml', text: 'agent: greet\nversion: 1.2.0\n' }],
    ensembleFile: (name) => (name === 'report' ? { path: 'ensembles/monthly/report.yaml', text: 'ensemble: report\n' } : undefined),
  },
  files: ['scripts/sum.ts', 'schemas/order.json'],
};

describe('the definition', () => {
  test('of an agent is its name', () => {
    expect(output('${fetch-us¦er.output}')).toEqual(['10: fetch-user']);
    expect(output('$<cou¦nt.output>')).toEqual(['15: count']);
    expect(definition(agent('operation: code', 'config: { code: "return cou¦nt.output" }'))).toEqual(['15: count']);
    expect(definition(agent('operation: log', 'depends_on: [cou¦nt]'))).toEqual(['15: count']);
    expect(definition(`${EXAMPLE}flow:\n  - agent: cou¦nt\n`)).toEqual(['15: count']);
  });

  test('of a state key is its line in the schema', () => {
    expect(output('${state.to¦tal}')).toEqual(['7: total']);
    expect(output('${state["to¦tal"]}')).toEqual(['7: total']);
    expect(definition(agent('state: { use: [to¦tal] }'))).toEqual(['7: total']);
    expect(definition(agent('state: { set: { to¦tal: 1 } }'))).toEqual(['7: total']);
    expect(definition(agent('operation: code', 'state: { set: [total] }', 'config: { code: "setState({ to¦tal: 1 })" }'))).toEqual([
      '7: total',
    ]);
  });

  test('of an input field is its declaration, of the agent’s own where it has an input', () => {
    expect(output('${input.ci¦ty}')).toEqual(['4: city']);
    expect(definition(agent('operation: log', 'input: { city: x }', 'config: { message: "${input.ci¦ty}" }'))).toEqual(['22: city']);
    expect(definition(agent('operation: log', 'input: { city: "${input.ci¦ty}" }', 'config: { message: x }'))).toEqual(['4: city']);
  });

  test('of a file that a key names is that file', () => {
    expect(definition(agent('agent: gre¦et'), PROJECT)).toEqual(['agents/greet/agent.yaml']);
    expect(definition(EXAMPLE.replace('name: count', 'name: gre¦et').replace('    operation: transform\n', ''), PROJECT)).toEqual([
      'agents/greet/agent.yaml',
    ]);
    expect(definition(agent('ensemble: rep¦ort'), PROJECT)).toEqual(['ensembles/monthly/report.yaml']);
    expect(definition(agent('agent: gre¦et@^1'), PROJECT)).toEqual(['agents/greet@1.2.0.yaml']);
    expect(definition(agent('operation: code', 'config: { script: ./scripts/s¦um.ts }'), PROJECT)).toEqual(['scripts/sum.ts']);
    expect(definition(agent('schema: { output: schemas/or¦der.json }'), PROJECT)).toEqual(['schemas/order.json']);
  });

  test('is none for roots, builtins, unknown names and the file’s own name', () => {
    expect(output('${in¦put.city}')).toEqual([]);
    expect(output('${Ma¦th.max(1)}')).toEqual([]);
    expect(output('${nob¦ody}')).toEqual([]);
    expect(definition(EXAMPLE.replace('ensemble: example', 'ensemble: rep¦ort'), PROJECT)).toEqual([]);
    expect(definition(agent('agent: nob¦ody'), PROJECT)).toEqual([]);
  });

  test('is found while the file is no YAML', () => {
    expect(definition(`${EXAMPLE}output: \${fetch-us¦er.output}\nlimits: [\n`)).toEqual(['10: fetch-user']);
  });
});

describe('references', () => {
  const lines = (marked: string, withDefinition = true) => {
    const cursor = cursorIn(marked);
    return findReferences(cursor, withDefinition).map(({ start }) => cursor.snapshot.text.slice(0, start).split('\n').length);
  };

  test('are all places that name the same agent or state key', () => {
    const text = `${agent('operation: code', 'state: { use: [total] }', 'config: { code: "return count.output.n + state.total" }')}output: \${count.output}\n`;
    expect(lines(text.replace('name: count', 'name: cou¦nt'))).toEqual([15, 17, 23, 24]);
    expect(lines(text.replace('name: count', 'name: cou¦nt'), false)).toEqual([17, 23, 24]);
    expect(lines(text.replace('use: [total]', 'use: [to¦tal]'))).toEqual([7, 17, 17, 22, 23]);
  });
});

describe('the symbols of a file', () => {
  test('are its input fields, state keys and agents, those in flow steps included', () => {
    const text = `${EXAMPLE}  - type: foreach\n    name: each\n    items: \${state.rows}\n    steps:\n      - name: inner\n        agent: greet\n`;
    expect(listSymbols(text).map(({ kind, name, detail }) => [kind, name, detail].filter(Boolean).join(' '))).toEqual([
      'input user',
      'input city',
      'state total',
      'state rows',
      'agent fetch-user http',
      'agent count transform',
      'agent each foreach',
      'agent inner greet',
    ]);
  });

  test('leave out what has no name: an editor that is given it shows none of them', () => {
    expect(listSymbols('ensemble: x\ninput: { "": string, " ": string, a: string }\n').map(({ name }) => name)).toEqual(['a']);
  });
});
