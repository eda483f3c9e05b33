import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package of others that reaches whoever installs ours. */
export interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly license: string;
  /** `installed` beside ours by the package manager, or `bundled` in our own files. */
  readonly how: 'installed' | 'bundled';
  /** Only on some platforms. */
  readonly optional: boolean;
}

interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
}

/** The packages of a `package-lock.json` (format 3) by the path in which they are installed, without the project itself. */
export function readLockfile(path: string): ReadonlyMap<string, LockedPackage> {
  const { packages } = JSON.parse(readFileSync(path, 'utf8')) as { readonly packages: Readonly<Record<string, LockedPackage>> };
  return new Map(Object.entries(packages).filter(([place]) => place !== ''));
}

/**
 * All that is shipped, by name: what the lockfile of `root` installs without development dependencies, and what the built bundles hold
 * (`dist/THIRD_PARTY_LICENSES.txt`, which the build writes from what esbuild put into them).
 */
export function readShippedPackages(root: string): readonly ShippedPackage[] {
  const installed = [...readLockfile(join(root, 'package-lock.json'))]
    .filter(([, { dev }]) => dev !== true)
    .map(([place, { version, license = 'unknown', optional = false }]): ShippedPackage => {
      return {
        name: place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length),
        version,
        license,
        how: 'installed',
        optional,
      };
    });
  const notices = readFileSync(join(root, 'dist/THIRD_PARTY_LICENSES.txt'), 'utf8').split(`\n${'-'.repeat(80)}\n\n`);
  const bundled = notices.map((notice): ShippedPackage => {
    const [, name = '', version = '', license = ''] = /^(\S+) (\S+) \(([^\n]+)\)\n/.exec(notice) ?? [];
    return { name, version, license, how: 'bundled', optional: false };
  });
  return [...installed, ...bundled].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
