import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../src/editor/apply-edits.ts';
import { prepareRename, renameAt } from '../../../src/editor/features/rename.ts';
import { findOccurrences } from '../../../src/editor/names/occurrences.ts';
import { fc } from '../../support/fast-check.ts';
import { type Scene, snapshotOf } from '../support/cursor.ts';

function parts(marked: string, scene?: Scene) {
  const offset = marked.indexOf('¦');
  return { snapshot: snapshotOf(marked.replace('¦', ''), scene), offset };
}

/** The text after the rename; throws when it is refused. */
function renamed(marked: string, newName: string, scene?: Scene): string {
  const { snapshot, offset } = parts(marked, scene);
  const result = renameAt(snapshot, offset, newName);
  if ('refused' in result) throw new Error(result.refused);
  return applyEdits(snapshot.text, result.edits);
}

function refusal(marked: string, newName: string, scene?: Scene): string {
  const { snapshot, offset } = parts(marked, scene);
  const result = renameAt(snapshot, offset, newName);
  return 'refused' in result ? result.refused : 'not refused';
}

const EVERYWHERE = `ensemble: e
state:
  schema: { total: number, "other": number }
  initial: { total: 0 }
agents:
  - name: "st¦ep"
    operation: transform
    config: { value: { n: 1 } }
    state: { set: { total: \${step.output.n} } }
  - name: code
    operation: code
    depends_on: [step]
    state: { use: [total], set: [total] }
    config:
      code: |
        const all = { step, n: step.output.n };
        // step stays here
        setState({ total: state.total + 1 });
        return \`\${step.output.n} step\`;
  - name: texts
    operation: transform
    state: { use: [total] }
    config:
      value:
        a: "quoted \\t \${step.output.n} \${state["total"]}"
        b: 'single \${step?.output?.n}'
        c: >-
          folded \${
            step.output
              .n
          } and $<step.output.n|json>
        d: \${[1].map(step => step + 1)}
        e: step
output:
  step: \${step.output}
  total: \${state.total}
`;

describe('the rename of an agent', () => {
  test('reaches every place that means it, and no other', () => {
    expect(renamed(EVERYWHERE, 'first-one')).toBe(
      EVERYWHERE.replace('¦', '')
        .replace('name: "step"', 'name: "first-one"')
        .replaceAll('${step.', '${first-one.')
        .replaceAll('$<step.', '$<first-one.')
        .replace('${step?.', '${first-one?.')
        .replace('            step.output', '            first-one.output')
        .replace('[step]', '[first-one]')
        .replace('{ step, n: step.output.n }', '{ step: first-one, n: first-one.output.n }'),
    );
  });

  test('can begin at any of them', () => {
    const text = EVERYWHERE.replace('¦', '');
    const { file } = snapshotOf(text);
    const places = file === undefined ? [] : findOccurrences(file, text).filter(({ kind, name }) => kind === 'agent' && name === 'step');
    expect(places.length).toBeGreaterThan(10);
    for (const { stretch } of places) {
      if (stretch === undefined) throw new Error('every place of it is known');
      const marked = `${text.slice(0, stretch.end)}¦${text.slice(stretch.end)}`;
      expect(renamed(marked, 'x')).toBe(renamed(EVERYWHERE, 'x'));
    }
  });

  test('reaches flow steps, their names and the entries of `flow`', () => {
    const text = `ensemble: e
agents:
  - name: a
    operation: transform
    config: { value: 1 }
  - type: parallel
    name: both
    steps:
      - name: in¦ner
        operation: log
        config: { message: "\${a.output}" }
output: \${both.output} \${inner.output}
`;
    expect(renamed(text, 'deep')).toContain('      - name: deep\n');
    expect(renamed(text, 'deep')).toContain('${deep.output}');
    expect(renamed(text.replace('¦', '').replace('both.', 'bo¦th.'), 'pair')).toMatch(/name: pair[\s\S]*\$\{pair\.output\}/);
    const flow =
      'ensemble: e\nagents:\n  - { name: a, operation: log, config: { message: x } }\nflow:\n  - agent: ¦a\n  - { agent: a, id: second, depends_on: a }\noutput: ${a.output} ${second.output}\n';
    expect(renamed(flow, 'b')).toBe(flow.replace('¦', '').replaceAll(/\ba\b(?!gent)/g, 'b'));
  });

  test('keeps it running the same agent file', () => {
    const project = {
      agentFile: (name: string) =>
        name === 'greet' ? { path: 'agents/greet.yaml', text: 'agent: greet\noperation: log\nconfig: { message: x }\n' } : undefined,
    };
    expect(
      renamed('ensemble: e\nagents:\n  - name: gre¦et\n    condition: ${input.x}\noutput: ${greet.output}\n', 'hello', { project }),
    ).toBe('ensemble: e\nagents:\n  - name: hello\n    agent: greet\n    condition: ${input.x}\noutput: ${hello.output}\n');
    expect(renamed('ensemble: e\nagents:\n  - { name: gre¦et }\n', 'hello', { project })).toContain('- { name: hello, agent: greet }');
    expect(renamed('ensemble: e\nagents:\n  - agent: gre¦et\n    condition: ${input.x}\n', 'hello', { project })).toContain(
      '  - name: hello\n    agent: greet\n    condition',
    );
    expect(renamed('ensemble: e\r\nagents:\r\n  - name: gre¦et\r\n', 'hello', { project })).toBe(
      'ensemble: e\r\nagents:\r\n  - name: hello\r\n    agent: greet\r\n',
    );
  });

  test('is refused for a name that is none, is taken, or is a root', () => {
    expect(refusal(EVERYWHERE, '1st')).toMatch(/^"1st" cannot be the name of an agent/);
    expect(refusal(EVERYWHERE, 'a b')).toMatch(/cannot be the name/);
    expect(refusal(EVERYWHERE, '')).toMatch(/cannot be the name/);
    expect(refusal(EVERYWHERE, 'input')).toBe('"input" is the name of a root; no agent can have it.');
    expect(refusal(EVERYWHERE, 'texts')).toBe('There is an agent named "texts" already.');
  });

  test('is refused where the new name means something else already', () => {
    const text =
      'ensemble: e\nagents:\n  - { name: st¦ep, operation: transform, config: { value: [1] } }\noutput: ${step.output.map(row => row + step.output.length)}\n';
    expect(refusal(text, 'row')).toBe('"row" already means something else in line 4.');
    expect(refusal(EVERYWHERE, 'all')).toMatch(/^"all" already means something else in line 1\d\.$/);
  });

  test('to its own name changes nothing', () => {
    expect(renamed(EVERYWHERE, 'step')).toBe(EVERYWHERE.replace('¦', ''));
  });
});

describe('the rename of a state key', () => {
  const key = EVERYWHERE.replace('¦', '').replace('use: [total], set', 'use: [to¦tal], set');

  test('reaches the schema, initial values, `use`, `set`, `setState` and every read', () => {
    expect(renamed(key, 'sum')).toBe(
      EVERYWHERE.replace('¦', '')
        .replace('{ total: number', '{ sum: number')
        .replace('initial: { total:', 'initial: { sum:')
        .replace('set: { total:', 'set: { sum:')
        .replace('use: [total], set: [total]', 'use: [sum], set: [sum]')
        .replace('setState({ total: state.total + 1 })', 'setState({ sum: state.sum + 1 })')
        .replace('use: [total] }', 'use: [sum] }')
        .replace('state["total"]', 'state["sum"]')
        .replace('${state.total}', '${state.sum}'),
    );
  });

  test('keeps the value of a shorthand', () => {
    const text = key.replace('setState({ total: state.total + 1 })', 'const total = 1; setState({ total })');
    expect(renamed(text, 'sum')).toContain('const total = 1; setState({ sum: total })');
  });

  test('is refused where it is read in a way that has no place', () => {
    const text = key.replace('const all', 'const { total } = state; const all');
    expect(refusal(text, 'sum')).toMatch(/^Line 1\d reads "total" in a way that cannot be renamed; write `state\.total` there first\.$/);
  });

  test('is refused where it takes the field of that name from an output', () => {
    const text =
      'ensemble: e\nstate: { schema: { total: number } }\nagents:\n  - name: a\n    operation: transform\n    config: { value: { total: 1 } }\n    state: { set: [to¦tal] }\noutput: ${state.total}\n';
    expect(refusal(text, 'sum')).toBe(
      '"a" sets "total" from the field of that name in its output; write `set: { total: ${a.output.total} }` there first.',
    );
  });

  test('is refused for a name that no expression could read', () => {
    expect(refusal(key, 'with-hyphen')).toMatch(/cannot be the name of a state key/);
    expect(refusal(key, '__proto__')).toMatch(/cannot be the name of a state key/);
    expect(refusal(key, 'other')).toBe('There is a state key named "other" already.');
  });

  test('notes what no edit of the file can do', () => {
    const text =
      'ensemble: e\nstate: { backend: kv, schema: { total: number } }\nagents:\n  - name: a\n    operation: code\n    config: { script: ./s.ts }\n    state: { use: [to¦tal] }\n';
    const project = { script: () => ({ source: 'export default () => 1' }) };
    const { snapshot, offset } = parts(text, { project });
    const result = renameAt(snapshot, offset, 'sum');
    expect('notes' in result && result.notes).toEqual([
      './s.ts names the state key itself; rename it there as well.',
      'What is stored under "total" stays in kv under that name.',
    ]);
  });
});

describe('a rename', () => {
  test('is not offered for anything else', () => {
    const refused = (marked: string) => {
      const { snapshot, offset } = parts(marked);
      const found = prepareRename(snapshot, offset);
      return 'refused' in found ? found.refused : found.name;
    };
    expect(refused('ensemble: e¦\nagents: []\n')).toMatch(/^Only agents, named steps and state keys/);
    expect(refused('ensemble: e\noutput: ${inp¦ut.x}\n')).toMatch(/^Only agents/);
    expect(refused('ensemble: [¦\n')).toMatch(/no YAML/);
    expect(refused(EVERYWHERE)).toBe('step');
  });

  test('and back again gives the same text, whatever the name', () => {
    const text = EVERYWHERE.replace('¦', '').replace('{ step, n: ', '{ n: ');
    const name = fc.stringMatching(/^[a-z_][a-z0-9_-]{0,8}$/);
    fc.assert(
      fc.property(name, (newName) => {
        const { snapshot } = parts(text);
        const at = text.indexOf('"step"') + 1;
        const there = renameAt(snapshot, at, newName);
        fc.pre(!('refused' in there));
        const other = applyEdits(text, there.edits);
        const back = renameAt(snapshotOf(other), at, 'step');
        if ('refused' in back) throw new Error(back.refused);
        expect(applyEdits(other, back.edits)).toBe(text);
      }),
      { numRuns: 40 },
    );
  });
});
