import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'acorn';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../src/language/compile.ts';
import type { ProjectIndex } from '../../src/language/project-index.ts';
import { buildProject } from '../../src/node/build/build-project.ts';
import { findProject } from '../../src/node/find-project.ts';
import { openProjectIndex } from '../../src/node/project/project-index.ts';
import { type WrittenProject, writeProject } from '../support/written-project.ts';

const STEP = 'agents:\n  - { name: a, operation: log, config: { message: hi } }\n';

let project: WrittenProject;
let index: ProjectIndex;
beforeAll(() => {
  project = writeProject({ 'scripts/ok.js': 'export default () => 1', 'ok.json': '{}', 'ensembles/ok.yaml': `ensemble: ok\n${STEP}` });
  index = openProjectIndex(project.root);
});
afterAll(() => project[Symbol.dispose]());

const codesOf = (text: string): readonly string[] => {
  const { program, diagnostics } = compile({ path: 'ensembles/e.yaml', text }, index);
  const codes = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  return program === undefined ? codes : ['compiled', ...codes];
};

const REFERENCES = [
  // Data names no file: what a run reads is fixed before it starts.
  ...['${input.x}', 'x${input.x}', '../scripts/${input.x}', '$<input.x>'],
  ...['../../etc/passwd', '/etc/passwd', '~/x', 'file:///etc/passwd', 'https://example.com/x', 'data:text/javascript,1', 'node:fs'],
  ...['..\\..\\x', 'C:\\x', '\\\\server\\x', '%2e%2e/%2e%2e/etc/passwd', '../scripts/%6fk.js', '../scripts/ok.js?x', '../scripts/ok.js#x'],
  ...['../scripts/ok.js\0', '.', '..', '/', ' ', 'x'.repeat(5000)],
];

describe('a file that is named by what is no path in the project', () => {
  test.each([
    ['a script', (name: string) => `operation: code\n    config: { script: ${name} }`, ['missing-script', 'wrong-config-type']],
    ['an agent file', (name: string) => `agent: ${name}`, ['invalid-name', 'missing-agent-file']],
    ['an ensemble', (name: string) => `ensemble: ${name}`, ['missing-ensemble', 'constant-required', 'unreadable-file']],
    [
      'a schema',
      (name: string) => `operation: transform\n    config: { value: 1 }\n    schema: { output: { $ref: ${name} } }`,
      ['invalid-schema'],
    ],
  ])('is refused where %s is wanted', (_, step, codes) => {
    for (const name of REFERENCES) {
      const found = codesOf(`ensemble: e\ninput: { x: string }\nagents:\n  - name: a\n    ${step(JSON.stringify(name))}\n`);
      expect(found, name).not.toContain('compiled');
      expect(codes, `${found} of ${name}`).toContain(found[0]);
    }
  });
});

describe('hostile YAML', () => {
  const laughs = Array.from({ length: 9 }, (_, n) => `    x${n + 1}: &x${n + 1} [${Array(10).fill(`*x${n}`).join(', ')}]`).join('\n');
  test.each([
    ['a bomb of aliases', `ensemble: e\nstate:\n  initial:\n    x0: &x0 [1]\n${laughs}\n${STEP}`, 'alias-expansion'],
    ['an alias of itself', `ensemble: e\nstate: { initial: &a { x: *a } }\n${STEP}`, 'bad-alias'],
    ['a tag of JavaScript', `ensemble: !!js/function "function () {}"\n${STEP}`, 'unknown-tag'],
    ['a tag of Python', `ensemble: !!python/object/apply:os.system ["id"]\n${STEP}`, 'unknown-tag'],
    ['a tag of binary data', `ensemble: e\ndescription: !!binary aGk=\n${STEP}`, 'unknown-tag'],
    ['lists of 100,000 levels', `ensemble: e\nstate: { initial: { a: ${'['.repeat(100_000)} } }\n${STEP}`, 'too-deep'],
    ['dashes of 100,000 levels', `ensemble: e\nstate: { initial: { a:\n${'- '.repeat(100_000)}1\n}}\n${STEP}`, 'too-deep'],
    ['a key twice', `ensemble: e\nensemble: f\n${STEP}`, 'duplicate-key'],
    ['a key that is a list', `ensemble: e\n? [a, b]\n: 1\n${STEP}`, 'non-string-key'],
    ['__proto__ at the top', `ensemble: e\n__proto__: { agents: [] }\n${STEP}`, 'unknown-key'],
    [
      '__proto__ in a config',
      `ensemble: e\nagents:\n  - { name: a, operation: log, config: { message: hi, __proto__: { level: x } } }\n`,
      'unknown-key',
    ],
    ['__proto__ in place of an agent', 'ensemble: e\nagents:\n  - { __proto__: { name: a, operation: log } }\n', 'missing-key'],
    [
      'an agent called __proto__',
      'ensemble: e\nagents:\n  - { name: __proto__, operation: log, config: { message: hi } }\n',
      'reserved-name',
    ],
    [
      'an agent called constructor',
      'ensemble: e\nagents:\n  - { name: constructor, operation: log, config: { message: hi } }\n',
      'reserved-name',
    ],
  ])('with %s is refused', (_, text, code) => {
    expect(codesOf(text)).toContain(code);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('has inputs and state that are called like what every object inherits, as data', () => {
    const names = '{ __proto__: string, constructor: string, toString: string }';
    const { program } = compile(
      { path: 'ensembles/e.yaml', text: `ensemble: e\ninput: ${names}\nstate: { schema: ${names} }\n${STEP}` },
      index,
    );
    const kept = ['__proto__', 'constructor', 'toString'];
    expect(Object.keys(program?.body.state?.schema ?? {})).toEqual(kept);
    expect(Object.keys(Object(program?.body.input).properties)).toEqual(kept);
  });
});

test('a build of files with hostile names is data to its modules', async () => {
  const names = [
    "a'b",
    'a"b',
    'a`b',
    '${x}',
    'a\nb',
    'a*_b',
    '<!--',
    'a\u2028b',
    'a\\b',
    '__proto__',
    'constructor',
    'a?b#c',
    '%2e%2e',
    '..b',
    'ü',
    'u\u0308',
    ' ',
  ];
  using built = writeProject({ 'ensembles/good.yaml': `ensemble: good\n${STEP}` });
  for (const [n, name] of names.entries()) {
    const code = JSON.stringify('return "*/ </script> \u2028 `${1}"');
    const text = `ensemble: n${n}\ndescription: "*/ </script> \u2028 \`\${1}"\nagents:\n  - { name: a, operation: code, config: { code: ${code} } }\n`;
    writeFileSync(join(built.root, 'ensembles', `${name}.yaml`), text);
  }
  const outcome = await buildProject({ project: findProject(built.root) });
  if (outcome.type !== 'built') throw new Error(JSON.stringify(outcome.diagnostics));
  expect(outcome.manifest.ensembles.map(({ id }) => id)).toEqual(['good', ...names].toSorted());
  const files: string[] = [];
  for (const { path } of outcome.files) {
    if (!path.endsWith('.js') || path.startsWith('runtime/')) continue;
    const text = readFileSync(join(outcome.folder, path), 'utf8');
    parse(text, { sourceType: 'module', ecmaVersion: 2024 });
    if (!path.startsWith('programs/')) continue;
    const module = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as { readonly default: { readonly file: string } };
    files.push(module.default.file);
  }
  expect(files.toSorted()).toEqual(['good', ...names].map((name) => `ensembles/${name}.yaml`).toSorted());
});
