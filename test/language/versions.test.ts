import { describe, expect, test } from 'vitest';
import type { SourceFile } from '../../src/language/project-index.ts';
import { agentNameOf, mayBeVersion } from '../../src/language/versions/file-names.ts';
import { parseFileReference } from '../../src/language/versions/file-reference.ts';
import { findAgentFile, findEnsembleFile } from '../../src/language/versions/find-file.ts';
import { findVersion } from '../../src/language/versions/find-version.ts';
import { fc } from '../support/fast-check.ts';

const file = (version: string, path = `agents/x@${version}.yaml`, name = 'x'): SourceFile => ({
  path,
  text: `agent: ${name}\nversion: ${version}\n`,
});
/** The versions of `x` that are there; what is found among them. */
const find = (range: string | undefined, ...versions: readonly string[]): string => {
  const found = findVersion(
    'x',
    range,
    versions.map((version) => file(version)),
  );
  return found.type === 'found' ? found.file.path.replace(/^agents\/x@|\.yaml$/g, '') : found.type;
};

describe('a reference with a version', () => {
  test('is a name and what stands behind the @', () => {
    expect(parseFileReference('x')).toEqual({ name: 'x' });
    expect(parseFileReference('x@1.2.0')).toEqual({ name: 'x', range: '1.2.0' });
    expect(parseFileReference('x@ >=1 <3')).toEqual({ name: 'x', range: '>=1 <3' });
  });

  test('finds that version, or the highest in the range', () => {
    expect(find('1.2.0', '1.3.0', '1.2.0')).toBe('1.2.0');
    expect(find('^1.2', '1.2.0', '1.10.0', '1.9.0', '2.0.0')).toBe('1.10.0');
    expect(find('~1.2.0', '1.2.0', '1.2.9', '1.3.0')).toBe('1.2.9');
    expect(find('>=1 <3', '1.0.0', '2.5.0', '3.0.0')).toBe('2.5.0');
    expect(find('1', '1.0.0', '1.5.0', '2.0.0')).toBe('1.5.0');
  });

  test('finds a preliminary version only when it is asked for', () => {
    expect(find('^2', '2.0.0-beta.1', '1.0.0')).toBe('no-version');
    expect(find('2.0.0-beta.1', '2.0.0-beta.1')).toBe('2.0.0-beta.1');
    expect(find('>=2.0.0-beta', '2.0.0-beta.1')).toBe('2.0.0-beta.1');
    expect(find(undefined, '2.0.0-beta.1', '1.0.0')).toBe('1.0.0');
    expect(find(undefined, '2.0.0-beta.1', '2.0.0-alpha.1')).toBe('2.0.0-beta.1');
  });

  test('must be one, and must be there once', () => {
    expect(find('latest', '1.0.0')).toBe('invalid-range');
    expect(find('', '1.0.0')).toBe('invalid-range');
    expect(find('^2', '1.0.0')).toBe('no-version');
    expect(find('^1')).toBe('missing');
    expect(findVersion('x', '^1', [file('1.0.0'), file('1.0.0', 'agents/x.yaml')])).toMatchObject({
      type: 'same-version',
      version: '1.0.0',
    });
    // The higher one is meant, so that two of a lower one do no harm.
    expect(findVersion('x', '^1', [file('1.0.0'), file('1.0.0', 'agents/x.yaml'), file('1.1.0')])).toMatchObject({ type: 'found' });
  });

  test('is the one in the file, whatever the file is called', () => {
    expect(findVersion('x', '^2', [file('2.0.0', 'agents/x@1.0.0.yaml')])).toMatchObject({ type: 'found' });
    expect(findVersion('x', '*', [file('1.0.0', 'agents/x/helper.yaml', 'helper')])).toMatchObject({ type: 'no-version', versions: [] });
    for (const text of ['agent: x', 'agent: x\nversion: 1.2', 'agent: x\nversion: new', 'agent: [x', ''])
      expect(findVersion('x', '*', [{ path: 'agents/x.yaml', text }])).toMatchObject({ type: 'no-version', versions: [] });
  });

  test('never finds one outside of a range, nor a lower one than there is', () => {
    const version = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3));
    fc.assert(
      fc.property(fc.uniqueArray(version, { selector: String, minLength: 1 }), fc.nat(3), (versions, major) => {
        const fitting = versions.filter(([own]) => own === major).sort((a, b) => a[1] - b[1] || a[2] - b[2]);
        expect(find(String(major), ...versions.map((parts) => parts.join('.')))).toBe(fitting.at(-1)?.join('.') ?? 'no-version');
      }),
    );
  });
});

describe('a reference without a version', () => {
  const plain = { path: 'agents/x.yaml', text: 'agent: x\nversion: 1.0.0\n' };
  const versions = [plain, file('2.0.0')];

  test('is the plain file, and where there is none the highest version', () => {
    expect(findAgentFile({ agentFile: () => plain, agentFiles: () => versions }, 'x')).toEqual({ type: 'found', file: plain });
    expect(findAgentFile({ agentFile: () => undefined, agentFiles: () => versions }, 'x')).toEqual({ type: 'found', file: versions[1] });
    expect(findAgentFile({ agentFile: () => undefined, agentFiles: () => [{ path: 'agents/x/data.yaml', text: '' }] }, 'x')).toEqual({
      type: 'missing',
    });
  });

  test('may be a path to an ensemble, which has no version', () => {
    const asked: string[] = [];
    const project = {
      ensembleFile: (reference: string) => {
        asked.push(reference);
        return undefined;
      },
      ensembleFiles: () => [],
    };
    expect(findEnsembleFile(project, './a@b/x.yaml', 'ensembles/y.yaml')).toEqual({ type: 'missing' });
    expect(asked).toEqual(['./a@b/x.yaml']);
  });
});

describe('the name of an agent file', () => {
  test('is that of its file or its folder, without the version', () => {
    const names = [
      'agents/x.yaml',
      'agents/x@1.2.0.yml',
      'agents/x/agent.yaml',
      'agents/x/1.2.0.yaml',
      'agents/x/v2.yaml',
      'agents/x/x@1.yaml',
    ];
    expect(names.map(agentNameOf)).toEqual(names.map(() => 'x'));
    expect(names.every((path) => mayBeVersion(path, 'x'))).toBe(true);
    expect(['agents/x/schema.yaml', 'agents/x/deep/agent.yaml', 'ensembles/x.yaml', 'agents/x.json'].map(agentNameOf)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
