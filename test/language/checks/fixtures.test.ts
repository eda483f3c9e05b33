import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CHECKS } from '../../../src/language/checks/index.ts';
import { compile } from '../../../src/language/compile.ts';
import { EMPTY_PROJECT, type ProjectIndex, type SourceFile } from '../../../src/language/project-index.ts';
import { mayBeVersion } from '../../../src/language/versions/file-names.ts';

const folder = new URL('./fixtures/', import.meta.url);
const names = (part: string): string[] => readdirSync(new URL(part, folder)).filter((name) => name.endsWith('.yaml'));
const read = (path: string): string => readFileSync(new URL(path, folder), 'utf8');

const versions = (part: string, name: string): readonly SourceFile[] =>
  names(part)
    .filter((file) => mayBeVersion(file, name))
    .map((file) => ({ path: part + file, text: read(part + file) }));

const PROJECT: ProjectIndex = {
  ...EMPTY_PROJECT,
  agentFile: (name) => {
    const path = `agents/${name}.yaml`;
    return existsSync(new URL(path, folder)) ? { path, text: read(path) } : undefined;
  },
  agentFiles: (name) => versions('agents/', name),
  agentNames: () => names('agents/').map((name) => name.replace('.yaml', '')),
  ensembleFile: (name) => {
    const path = [`ensembles/${name}.yaml`, `err/${name}.yaml`].find((file) => existsSync(new URL(file, folder)));
    return path === undefined ? undefined : { path, text: read(path) };
  },
  ensembleFiles: (name) => versions('ensembles/', name),
  ensembleNames: () => names('ensembles/').map((name) => name.replace('.yaml', '')),
  schemaFile: (path) => (existsSync(new URL(path, folder)) ? JSON.parse(read(path)) : undefined),
  script: (reference) => {
    if (reference.includes('there')) return { source: 'export default () => 1' };
    return reference.includes('bare') ? { source: 'export const run = () => 1; // no default here' } : { problem: 'there is no such file' };
  },
};

/** What the project of a fixture declares stands beside it: `err/missing-binding.json`, `{ "bindings": …, "variables": … }`. */
function projectOf(path: string): ProjectIndex {
  const beside = path.replace(/\.yaml$/, '.json');
  const { bindings, variables } = existsSync(new URL(beside, folder)) ? JSON.parse(read(beside)) : {};
  return { ...PROJECT, bindings: () => bindings, variables: () => variables };
}

/** A fixture that has the name of a rule shows what that rule finds; any other one shows everything. */
function report(path: string): string {
  const { diagnostics } = compile({ path, text: read(path) }, projectOf(path));
  const rule = path.replace(/^err\/(.*)\.yaml$/, '$1');
  const check = CHECKS.find(({ codes }) => (codes as readonly string[]).includes(rule));
  return diagnostics
    .filter(({ code }) => check === undefined || check.codes.includes(code))
    .map(({ code, severity, message, span, help }) => {
      const text = `${span.file}:${span.line}:${span.column} ${severity} ${code}: ${message}`;
      return help === undefined ? `${text}\n` : `${text}\n    ${help}\n`;
    })
    .join('');
}

describe('a file with mistakes', () => {
  test.each(names('err/'))('%s is told all of them, each at its place', async (name) => {
    await expect(report(`err/${name}`)).toMatchFileSnapshot(`./fixtures/err/${name.replace('.yaml', '.out')}`);
  });
});

describe('a file without mistakes', () => {
  test.each(names('ok/'))('%s gets no diagnostic', (name) => {
    expect(report(`ok/${name}`)).toBe('');
  });
});

test('every rule is shown by a fixture', () => {
  const shown = new Set(
    names('err/').flatMap((name) => [...report(`err/${name}`).matchAll(/^\S+ \w+ ([a-z-]+):/gm)].map((match) => match[1])),
  );
  expect(CHECKS.flatMap(({ codes }): readonly string[] => codes).filter((code) => !shown.has(code))).toEqual([]);
});
