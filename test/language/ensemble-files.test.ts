import { describe, expect, test } from 'vitest';
import { compile } from '../../src/language/compile.ts';
import { createEnsembleFiles } from '../../src/language/ensemble-files.ts';
import { Linter } from '../../src/language/lint.ts';
import { EMPTY_PROJECT, type ProjectIndex, type SourceFile } from '../../src/language/project-index.ts';
import type { Diagnostic } from '../../src/program/diagnostic.ts';

/** A project whose ensembles and agent files are given by name. */
function project(ensembles: Readonly<Record<string, string>>, agents: Readonly<Record<string, string>> = {}): ProjectIndex {
  const file = (folder: string, files: Readonly<Record<string, string>>, name: string): SourceFile | undefined => {
    const text = files[name];
    return text === undefined ? undefined : { path: `${folder}/${name}.yaml`, text };
  };
  return {
    ...EMPTY_PROJECT,
    ensembleFile: (name) => file('ensembles', ensembles, name),
    ensembleNames: () => Object.keys(ensembles),
    agentFile: (name) => file('agents', agents, name),
  };
}

const codesOf = (diagnostics: readonly Diagnostic[]): readonly string[] => diagnostics.map(({ code, span }) => `${span.file}: ${code}`);
const codes = (index: ProjectIndex, path: string, text: string): readonly string[] => codesOf(new Linter(index).lint({ path, text }));

describe('an ensemble that another one runs', () => {
  test('is read once, until its text changes', () => {
    const texts: Record<string, string> = { child: 'ensemble: child' };
    const read: string[] = [];
    const files = createEnsembleFiles(project(texts), (source) => {
      read.push(source.text);
      return undefined;
    });
    files.read('child', 'x.yaml');
    files.read('child', 'y.yaml');
    texts.child = 'ensemble: changed';
    files.read('child', 'x.yaml');
    expect(read).toEqual(['ensemble: child', 'ensemble: changed']);
    expect(files.read('other', 'x.yaml')).toBeUndefined();
    expect(files.pathOf('child', 'x.yaml')).toBe('ensembles/child.yaml');
  });

  test('is forgotten when many others were read after it', () => {
    const texts = Object.fromEntries(Array.from({ length: 300 }, (_, number) => [`e${number}`, 'ensemble: e']));
    let count = 0;
    const files = createEnsembleFiles(project(texts), () => {
      count++;
      return undefined;
    });
    for (const name of Object.keys(texts)) files.read(name, 'x.yaml');
    files.read('e299', 'x.yaml');
    expect(count).toBe(300);
    files.read('e0', 'x.yaml');
    expect(count).toBe(301);
  });

  test('is checked where it is itself validated, not where it is run', () => {
    const index = project({ child: 'ensemble: child\nagents:\n  - { name: a, operation: lgo }' });
    expect(codes(index, 'ensembles/x.yaml', 'ensemble: x\nagents:\n  - { name: go, ensemble: child }')).toEqual([]);
    expect(codes(index, 'ensembles/child.yaml', index.ensembleFile('child', '')?.text ?? '')).toEqual([
      'ensembles/child.yaml: unknown-operation',
    ]);
  });
});

describe('the program of an ensemble that runs others', () => {
  const child = 'ensemble: child\nlimits: { max_steps: 3 }\nagents:\n  - { name: a, operation: transform, config: { value: 1 } }';
  const run = (text: string, index: ProjectIndex) => compile({ path: 'ensembles/x.yaml', text }, index);

  test('holds each of them once, however many run it', () => {
    const index = project(
      { child, middle: 'ensemble: middle\nagents: [{ name: go, ensemble: child }]' },
      { file: 'agent: file\noperations: [{ name: go, ensemble: child }]' },
    );
    const { program } = run(
      'ensemble: x\nagents:\n  - { name: a, ensemble: child }\n  - { name: b, ensemble: middle }\n  - { name: c, agent: file }',
      index,
    );
    expect(Object.entries(program?.files ?? {}).map(([path, { kind, name }]) => [path, kind, name])).toEqual([
      ['ensembles/child.yaml', 'ensemble', 'child'],
      ['ensembles/middle.yaml', 'ensemble', 'middle'],
      ['agents/file.yaml', 'agent', 'file'],
    ]);
    expect(program?.files['ensembles/child.yaml']).toMatchObject({ limits: { maxSteps: 3 }, body: { steps: [{ name: 'a' }] } });
    expect(program?.files['agents/file.yaml']?.body.steps).toMatchObject([{ action: { type: 'body', file: 'ensembles/child.yaml' } }]);
  });

  test('is none as long as something in one of them is wrong: what, is told in its file, once', () => {
    const index = project({
      child: 'ensemble: child\nagents:\n  - { name: a, operation: lgo }',
      middle: 'ensemble: middle\nagents: [{ name: go, ensemble: child }]',
    });
    const { program, diagnostics } = run(
      'ensemble: x\nagents:\n  - { name: a, ensemble: child }\n  - { name: b, ensemble: middle }',
      index,
    );
    expect(program).toBeUndefined();
    expect(codesOf(diagnostics)).toEqual(['ensembles/child.yaml: unknown-operation']);
  });

  test('is found through agent files that run each other many times over', () => {
    const level = (name: string, next: string) =>
      `agent: ${name}\noperations:\n${['a', 'b', 'c', 'd'].map((agent) => `  - { name: ${agent}, agent: ${next} }`).join('\n')}`;
    const files = Object.fromEntries(Array.from({ length: 14 }, (_, number) => [`f${number}`, level(`f${number}`, `f${number + 1}`)]));
    const index = project({ child }, { ...files, f14: 'agent: f14\noperations: [{ name: go, ensemble: child }]' });
    const { program } = run('ensemble: x\nagents:\n  - { name: a, agent: f0 }', index);
    expect(Object.keys(program?.files ?? {})).toHaveLength(16);
  });

  test('may run itself', () => {
    const text =
      'ensemble: x\ninput: { n: integer }\nagents:\n  - { name: again, ensemble: x, condition: "${input.n > 0}", input: { n: "${input.n - 1}" } }';
    const { program, diagnostics } = run(text, project({ x: text }));
    expect(diagnostics).toEqual([]);
    expect(program?.files['ensembles/x.yaml']?.body).toEqual(program?.body);
  });
});

describe('a circle of ensembles', () => {
  const runs = (name: string, others: readonly string[]): string =>
    [`ensemble: ${name}`, 'agents:', ...others.map((other) => `  - { name: run-${other}, ensemble: ${other} }`)].join('\n');

  test('is reported in each file on it, and in no file that only leads there', () => {
    const texts = { a: runs('a', ['b']), b: runs('b', ['c']), c: runs('c', ['a']), outside: runs('outside', ['a']) };
    const index = project(texts);
    for (const name of ['a', 'b', 'c'] as const)
      expect(codes(index, `ensembles/${name}.yaml`, texts[name])).toEqual([`ensembles/${name}.yaml: ensemble-cycle`]);
    expect(codes(index, 'ensembles/outside.yaml', texts.outside)).toEqual([]);
  });

  test('is found the same whichever file of the project is checked first', () => {
    const texts = { a: 'ensemble: a\nagents:\n  - { name: go, agent: f }', b: runs('b', ['a']) };
    const index = project(texts, { f: 'agent: f\noperations:\n  - { name: back, ensemble: a }' });
    const lintAll = (names: readonly (keyof typeof texts)[]): readonly string[] => {
      const linter = new Linter(index);
      return names
        .flatMap((name) => linter.lint({ path: `ensembles/${name}.yaml`, text: texts[name] }))
        .flatMap(({ code, span }) => (code === 'ensemble-cycle' ? [span.file] : []));
    };
    expect(lintAll(['a', 'b']).toSorted()).toEqual(['agents/f.yaml', 'ensembles/a.yaml']);
    expect(lintAll(['b', 'a']).toSorted()).toEqual(['agents/f.yaml', 'ensembles/a.yaml']);
  });

  test('of many files, each running many others, is looked for in bounded time', () => {
    const names = Array.from({ length: 400 }, (_, number) => `e${number}`);
    const texts = Object.fromEntries(names.map((name, number) => [name, runs(name, names.slice(number + 1, number + 30))]));
    const index = project(texts);
    let read = 0;
    const counted: ProjectIndex = {
      ...index,
      ensembleFile: (reference, from) => {
        read++;
        return index.ensembleFile(reference, from);
      },
    };
    expect(codes(counted, 'ensembles/e0.yaml', texts.e0 ?? '')).toEqual([]);
    expect(read).toBeLessThan(5_000);
  });
});
