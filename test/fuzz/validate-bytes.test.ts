import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fc } from '../support/fast-check.ts';
import { runCli } from '../support/run-cli.ts';

const root = mkdtempSync(join(tmpdir(), 'validate-bytes-'));
const put = (path: string, bytes: Uint8Array | string) => writeFileSync(join(root, path), bytes);
const GOOD = 'ensemble: good\nagents:\n  - name: greet\n    operation: log\n    config: { message: hello }\n';

beforeAll(() => {
  for (const folder of ['ensembles/deep/er', 'ensembles/folder.yaml', 'agents/loop', 'elsewhere'])
    mkdirSync(join(root, folder), { recursive: true });
  put('package.json', '{}');
  put('ensembles/good.yaml', GOOD);
  put('ensembles/utf16.yaml', Buffer.from(`\uFEFF${GOOD}`, 'utf16le'));
  put('ensembles/latin1.yaml', Buffer.from(GOOD.replace('hello', 'h\u00e9llo'), 'latin1'));
  put('ensembles/cut.yaml', Buffer.from(GOOD.replace('hello', '😀')).subarray(0, -4));
  put('ensembles/zeros.yaml', new Uint8Array(100_000));
  put('ensembles/empty.yaml', '');
  put('ensembles/large.yaml', new Uint8Array(3_000_000).fill(0x61));
  put('ensembles/name\n::error::x.yaml', 'ensemble: 1 2\n');
  put('ensembles/\u001b[31mred.yaml', 'ensemble: [\n');
  put('ensembles/secret.yaml', GOOD);
  chmodSync(join(root, 'ensembles/secret.yaml'), 0);
  // Links that go round, lead nowhere, or lead to what is there already.
  symlinkSync('..', join(root, 'ensembles/deep/up'));
  symlinkSync('.', join(root, 'ensembles/deep/er/here'));
  symlinkSync('circle.yaml', join(root, 'ensembles/circle.yaml'));
  symlinkSync('nowhere.yaml', join(root, 'ensembles/dangling.yaml'));
  symlinkSync('../loop', join(root, 'agents/loop/loop'));
  symlinkSync('/etc/hostname', join(root, 'ensembles/outside.yaml'));
  for (const [n, bytes] of fc.sample(fc.uint8Array({ maxLength: 300 }), 150).entries()) put(`ensembles/random-${n}.yaml`, bytes);
});
afterAll(() => {
  chmodSync(join(root, 'ensembles/secret.yaml'), 0o600);
  rmSync(root, { recursive: true, force: true });
});

test('a folder of files that are no text, and of links that go round, is validated to its end', async () => {
  const { code, stdout, stderr } = await runCli(['validate', '--format', 'json'], { cwd: root });
  expect(stderr).not.toMatch(/This is a bug|\n\s+at /);
  expect(code).toBe(1);
  const findings = JSON.parse(stdout) as { file: string; code: string }[];
  const codesOf = (file: string) => findings.filter((finding) => finding.file === file).map((finding) => finding.code);
  expect(codesOf('ensembles/good.yaml')).toEqual([]);
  expect(codesOf('ensembles/large.yaml')).toEqual(['file-too-large']);
  for (const name of ['utf16', 'latin1', 'cut', 'zeros', 'empty']) expect(codesOf(`ensembles/${name}.yaml`), name).not.toEqual([]);
});

test.each(['pretty', 'compact', 'github', 'sarif', 'junit'])(
  'the same files are shown as %s without what could command a terminal or a CI',
  async (format) => {
    const { code, stdout, stderr } = await runCli(['validate', '--format', format], { cwd: root });
    expect(code).toBe(1);
    expect(stderr).not.toMatch(/This is a bug|\n\s+at /);
    expect(stdout + stderr).not.toContain('\u001b[31mred');
    expect(stdout).not.toMatch(/^::error::x/m);
  },
);
