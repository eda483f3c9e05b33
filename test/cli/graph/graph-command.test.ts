import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { GRAPH_FORMATS } from '../../../src/cli/graph/index.ts';
import { listFences } from '../../support/markdown.ts';
import { writeProject } from '../../support/written-project.ts';
import { runMain } from '../support/run-main.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const yaml = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(folder, name))
    .sort();

const OUR_FILES = [...yaml('ensembles'), ...yaml('agents')];
const FORMATS = Object.keys(GRAPH_FORMATS);

const draw = (file: string, ...more: string[]) => runMain(['graph', file, ...more], { cwd: root });

describe('ensemble graph', () => {
  test.each(OUR_FILES.flatMap((file) => FORMATS.map((format) => [file, format])))('draws %s as %s', async (file, format) => {
    const { code, stdout, stderr } = await draw(file, '--format', format);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/\n$/);
    if (format === 'json') expect(JSON.parse(stdout)).toMatchObject({ file });
    if (format === 'svg') expect(XMLValidator.validate(stdout)).toBe(true);
    expect((await draw(file, '--format', format)).stdout).toBe(stdout);
  });

  test('takes the name of an ensemble, and draws Mermaid unless told otherwise', async () => {
    const byName = await draw('visit-counter');
    expect(byName.stdout).toMatch(/^flowchart TD\n/);
    expect(await draw('ensembles/visit-counter.yaml', '--format', 'mermaid')).toEqual(byName);
  });

  test.each(yaml('test/language/checks/fixtures'))('draws %s, whatever is wrong in it', async (file) => {
    for (const format of ['mermaid', 'dot', 'json']) {
      const { code, stdout, stderr } = await draw(file, '--format', format);
      expect([0, 1]).toContain(code);
      expect(code === 1).toBe(/ error/.test(stderr));
      if (code === 0) expect(stdout).not.toBe('');
    }
  });

  test.each([
    [['graph', 'visit-countr'], 'Did you mean visit-counter?'],
    [['graph', 'visit-counter', '--format', 'png'], 'Allowed choices are mermaid, dot, json, svg.'],
    [['graph'], "missing required argument 'file'"],
  ])('%j is a wrong command line', async (args, message) => {
    const { code, stdout, stderr } = await runMain(args, { cwd: root });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});

describe('a file with errors', () => {
  const BROKEN = 'ensemble: x\nagents:\n  - { name: a, operation: log, config: { message: hi } }\n  - { name: b, operation: nope }\n';

  test('is drawn as far as it can be read, with the errors on stderr and exit code 1', async () => {
    using project = writeProject({ 'ensembles/x.yaml': BROKEN });
    const { code, stdout, stderr } = await runMain(['graph', 'x'], { cwd: project.root });
    expect(code).toBe(1);
    expect(stdout).toContain('["b<br/>nope"]');
    expect(stderr).toContain('ensembles/x.yaml:4:27: error[unknown-operation]: there is no operation "nope"\n4 |');
  });

  test('that leave nothing to draw prints them alone', async () => {
    using project = writeProject({ 'ensembles/x.yaml': 'ensemble: [' });
    const { code, stdout, stderr } = await runMain(['graph', 'x'], { cwd: project.root });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('error[unclosed-bracket]');
  });
});

test('the picture in docs/graph.md is that of the ensemble it names', async () => {
  const page = readFileSync(join(root, 'docs/graph.md'), 'utf8');
  const picture = listFences(page).find(({ info }) => info === 'mermaid');
  const command = listFences(page).find(({ info }) => info === 'sh')?.text ?? '';
  const file = /npx ensemble graph (\S+)\n/.exec(command)?.[1] ?? '';
  expect(picture?.text).toBe((await draw(file)).stdout);
});

test('every format of the help is a format', async () => {
  expect((await runMain(['graph', '--help'])).stdout).toContain(`(choices: ${FORMATS.map((name) => `"${name}"`).join(', ')},`);
});
