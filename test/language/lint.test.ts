import { describe, expect, test } from 'vitest';
import { kindOf, Linter, lint } from '../../src/language/lint.ts';
import { EMPTY_PROJECT, type ProjectIndex } from '../../src/language/project-index.ts';

const AGENT = 'agent: part\noperation: log\nconfig:\n  message: on: air\n';
const ensemble = (...agents: readonly string[]) => `ensemble: all\nagents:\n${agents.map((name) => `  - name: ${name}\n`).join('')}`;

function projectOf(agents: ReadonlyMap<string, string>): ProjectIndex {
  return {
    ...EMPTY_PROJECT,
    agentFile: (name) => {
      const text = agents.get(name);
      return text === undefined ? undefined : { path: `agents/${name}.yaml`, text };
    },
    agentNames: () => [...agents.keys()],
  };
}

describe('a linter of many files', () => {
  test('reports what is wrong in an agent file with each file that runs it, and looks at it once', () => {
    const linter = new Linter(projectOf(new Map([['part', AGENT]])));
    const [one] = linter.lint({ path: 'ensembles/a.yaml', text: ensemble('part') });
    const [other] = linter.lint({ path: 'ensembles/b.yaml', text: ensemble('part') });
    const [alone] = linter.lint({ path: 'agents/part.yaml', text: AGENT });
    expect(one).toMatchObject({ code: 'text-repair', span: { file: 'agents/part.yaml', line: 4 } });
    expect(other).toBe(one);
    expect(alone).toBe(one);
  });

  test('looks again at an agent file whose text has changed', () => {
    const agents = new Map([['part', AGENT]]);
    const linter = new Linter(projectOf(agents));
    const source = { path: 'ensembles/a.yaml', text: ensemble('part') };
    expect(linter.lint(source)).toHaveLength(1);
    agents.set('part', AGENT.replace('on: air', 'on air'));
    expect(linter.lint(source)).toEqual([]);
    expect(linter.lint({ path: 'agents/part.yaml', text: AGENT })).toHaveLength(1);
  });

  test('finds the same in more agent files than it keeps', () => {
    const names = Array.from({ length: 450 }, (_, i) => `part-${i}`);
    const agents = new Map(names.map((name) => [name, AGENT.replace('part', name)]));
    const linter = new Linter(projectOf(agents));
    const all = { path: 'ensembles/all.yaml', text: ensemble(...names) };
    const first = linter.lint(all);
    expect(new Set(first.map(({ span }) => span.file)).size).toBe(450);
    expect(linter.lint(all)).toEqual(first);
    expect(first).toEqual(lint(all, projectOf(agents)));
  });

  test('grades what it finds anew for each of its own', () => {
    const source = { path: 'agents/part.yaml', text: AGENT };
    const levels = (['off', 'warn', 'error'] as const).map((level) =>
      lint(source, EMPTY_PROJECT, { rules: new Map([['text-repair', level]]) }).map(({ severity }) => severity),
    );
    expect(levels).toEqual([[], ['warning'], ['error']]);
  });
});

test.each([
  ['ensembles/a.yaml', 'ensemble: a\nagents: []\n', 'ensemble'],
  ['anywhere.yaml', 'operation: log\n', 'agent'],
  ['anywhere.yaml', 'agent: a\noperations: []\n', 'agent'],
  ['agents/a.yaml', 'name: a\n', 'agent'],
  ['agents/a.yaml', 'ensemble: a\n', 'ensemble'],
  ['ensembles/a.yaml', 'name: a\nagents:\n  - operation: log\n', 'ensemble'],
  ['a.yaml', '\ufeffagent: a\r\noperation: log\r\n', 'agent'],
  ['a.yaml', '', 'ensemble'],
])('%s with %j is an %s file', (path, text, kind) => {
  expect(kindOf({ path, text })).toBe(kind);
});
