import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findEnsemble } from '../../src/node/find-ensemble.ts';
import { type WrittenProject, writeProject } from '../support/written-project.ts';

const version = (number: string): string => `ensemble: report\nversion: ${number}\n`;
let project: WrittenProject;
beforeAll(() => {
  project = writeProject({
    'ensembles/main.yaml': 'ensemble: main\n',
    'ensembles/deep/report@1.0.0.yaml': version('1.0.0'),
    'ensembles/deep/report@1.2.0.yaml': version('1.2.0'),
  });
});
afterAll(() => project[Symbol.dispose]());
const find = (reference: string): string => findEnsemble(reference, project.root).source.path;

describe('the ensemble of a command line', () => {
  test('is a path, or a name of the project', () => {
    expect(find('ensembles/main.yaml')).toBe('ensembles/main.yaml');
    expect(find('main')).toBe('ensembles/main.yaml');
    expect(findEnsemble('main.yaml', join(project.root, 'ensembles')).source.path).toBe('ensembles/main.yaml');
  });

  test('may be asked for by version; without one it is the highest', () => {
    expect(find('report@1.0.0')).toBe('ensembles/deep/report@1.0.0.yaml');
    expect(find('report@^1')).toBe('ensembles/deep/report@1.2.0.yaml');
    expect(find('report')).toBe('ensembles/deep/report@1.2.0.yaml');
  });

  test('that is not there is told with what is', () => {
    expect(() => find('mian')).toThrow('Did you mean main?');
    expect(() => find('report@^2')).toThrow(
      'no version of the ensemble "report" satisfies ^2\nthere is 1.2.0 (ensembles/deep/report@1.2.0.yaml), 1.0.0 (ensembles/deep/report@1.0.0.yaml)',
    );
    expect(() => find('report@newest')).toThrow('"newest" is neither a version nor a range of versions');
    expect(() => find('ensembles')).toThrow('is a folder');
  });
});
