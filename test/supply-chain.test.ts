import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { auditFindings } from '../scripts/supply-chain/audit-findings.ts';
import { readLockfile, readShippedPackages } from '../scripts/supply-chain/shipped-packages.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const shipped = readShippedPackages(root);
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
};

/** They ask that their notice is kept, and no more. */
const PERMISSIVE = ['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'CC0-1.0', 'MIT-0', 'BlueOak-1.0.0'];
/** Compiled libvips of sharp, a shared library that Miniflare installs for its emulation of Images. */
const WEAK_COPYLEFT = /^@img\/sharp-/;

describe.each(['package-lock.json', 'bench/package-lock.json'])('%s', (lockfile) => {
  const packages = [...readLockfile(join(root, lockfile))];

  test('holds a hash of every package', () => {
    expect(packages.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? '')).map(([place]) => place)).toEqual([]);
  });

  test('takes every package from the registry that the user has set', () => {
    expect(packages.filter(([, { resolved }]) => resolved !== undefined).map(([place]) => place)).toEqual([]);
  });
});

describe('what is shipped', () => {
  test('only packages that are allowed to run scripts when they are installed', () => {
    const scripts = [...readLockfile(join(root, 'package-lock.json'))].filter(([, { hasInstallScript }]) => hasInstallScript === true);
    const names = scripts.map(([place]) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length));
    expect([...new Set(names)].toSorted()).toEqual(Object.keys(manifest.allowScripts).toSorted());
  });

  test('two packages are asked for, all others are theirs or bundled', () => {
    expect(Object.keys(manifest.dependencies)).toEqual(['esbuild', 'miniflare']);
    expect(shipped.filter(({ how }) => how === 'bundled').map(({ name }) => name)).toContain('yaml');
    expect(shipped.filter(({ how }) => how === 'installed').map(({ name }) => name)).toContain('workerd');
  });

  test('every licence is permissive, but for the shared library of sharp', () => {
    const others = shipped.filter(({ license }) => !license.split(/ AND /).every((one) => PERMISSIVE.includes(one)));
    expect(others.filter(({ name }) => !WEAK_COPYLEFT.test(name))).toEqual([]);
    expect([...new Set(others.flatMap(({ license }) => license.split(' AND ')))].filter((one) => !PERMISSIVE.includes(one))).toEqual([
      'LGPL-3.0-or-later',
    ]);
  });
});

describe('the audit', () => {
  const vulnerable = (name: string) => ({
    [name]: { name, severity: 'low', range: '<9', via: ['other', { title: 'Reads too much', url: 'https://example.com/1' }] },
  });

  test('tells of a vulnerability in an installed and in a bundled package, of any severity', () => {
    expect(auditFindings({ vulnerabilities: { ...vulnerable('undici'), ...vulnerable('yaml') } }, shipped)).toEqual([
      'undici <9: low: through other; Reads too much (https://example.com/1)',
      'yaml <9: low: through other; Reads too much (https://example.com/1)',
    ]);
  });

  test('leaves out what is used for development alone', () => {
    expect(auditFindings({ vulnerabilities: vulnerable('vitest') }, shipped)).toEqual([]);
  });

  test('does not take a registry without a report for a good one', () => {
    expect(auditFindings({ message: '405' }, shipped)).toBeUndefined();
  });
});
