import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** What esbuild reads beside the files themselves, in their folders and all above. */
const BESIDE = ['package.json', '.pnp.cjs', '.pnp.js', '.pnp.data.json'];

/** The path, when a pipe or a device is there; undefined for a file, a folder and for nothing. */
export function findSpecialFile(path: string): string | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined || stats.isFile() || stats.isDirectory() ? undefined : path;
  } catch {
    // What cannot be looked at cannot be opened either.
    return undefined;
  }
}

/** The first of the files that esbuild reads to find out where an import leads, and that is a pipe or a device. `written` as it stands in a file of `folder`. */
export function findSpecialPackageFile(written: string, folder: string): string | undefined {
  if (folder === '') return undefined;
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(written)?.[0];
  const isPath = /^(?:\.{0,2}\/|\.{1,2}$)/.test(written);
  for (const around of [...(isPath ? [resolve(folder, written)] : []), ...upward(folder)]) {
    const files = BESIDE.map((file) => join(around, file));
    if (!isPath && name !== undefined) files.push(join(around, 'node_modules', name, 'package.json'));
    const special = files.map(findSpecialFile).find((found) => found !== undefined);
    if (special !== undefined) return special;
  }
  return undefined;
}

function* upward(folder: string): Generator<string> {
  for (let at = folder; ; at = dirname(at)) {
    yield at;
    if (dirname(at) === at) return;
  }
}
