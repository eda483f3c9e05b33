import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeEnsemble } from '../../../bench/generated-ensembles.ts';
import { checkFiles } from '../../../src/cli/validate/check-files.ts';
import { checkInParallel, threadsFor } from '../../../src/cli/validate/check-in-parallel.ts';
import { Workspace } from '../../../src/cli/validate/workspace.ts';
import { readSource } from '../../../src/node/project/read-source.ts';
import type { RuleName } from '../../../src/program/rules.ts';
import { type WrittenProject, writeProject } from '../../support/written-project.ts';

const COUNT = 60;

describe('validation in several threads', () => {
  let project: WrittenProject;
  let files: readonly string[];
  beforeAll(() => {
    const broken = (index: number): string =>
      index % 3 === 0 ? writeEnsemble(index).replace('agents:', 'agens:') : `${writeEnsemble(index)}  extra: \${nobody.output}\n`;
    const texts = Array.from({ length: COUNT }, (_, index) => [`ensembles/e-${index}.yaml`, broken(index)] as const);
    project = writeProject({
      ...Object.fromEntries(texts),
      'ensembles/runs.yaml': 'ensemble: runs\nagents:\n  - name: greet\n',
      'ensembles/runs-too.yaml': 'ensemble: runs-too\nagents:\n  - name: greet\n',
      'agents/greet.yaml': 'agent: greet\noperation: log\nconfig: { mesage: hello }\n',
      'ensemble.config.yaml': 'rules: { unknown: off, unused-input: off }\n',
    });
    files = [...texts.map(([path]) => path), 'ensembles/runs.yaml', 'ensembles/runs-too.yaml'].map((path) => `${project.root}/${path}`);
  });
  afterAll(() => project[Symbol.dispose]());

  test.each([2, 3, 4])('finds with %i threads what one finds', async (threads) => {
    const rules = new Map([['unknown-name' as RuleName, 'warn' as const]]);
    const alone = checkFiles(files, readSource, new Workspace({ rules }), project.root);
    expect(alone.findings.length).toBeGreaterThan(COUNT);
    expect(new Set(alone.findings.map(({ file }) => file))).toContain('agents/greet.yaml');
    expect(await checkInParallel(files.toReversed(), threads, rules, project.root)).toEqual(alone);
  });

  test('is for many files only, and takes no more threads than there are cores', () => {
    expect([1, 299, 300, 1_000, 100_000].map((count) => threadsFor(count, 16))).toEqual([1, 1, 2, 4, 4]);
    expect(threadsFor(100_000, 1)).toBe(1);
    expect(threadsFor(100_000, 2)).toBe(2);
  });
});
