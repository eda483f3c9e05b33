import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { readRegularText } from '../read-regular.ts';

export interface FoundWrangler {
  /** Absolute path of what starts it. */
  readonly command: string;
  /** Undefined when it is only known by its place in PATH. */
  readonly version?: string;
  /** The versions of Node that it asks for, as its package says: `>=22.0.0`. */
  readonly node?: string;
}

export interface Tools {
  /** Of Node, without the `v`. */
  readonly node: string;
  readonly wrangler?: FoundWrangler;
}

/** The project's own wrangler (that of a folder above it, as npm resolves it), else the one in PATH. */
export function findTools(root: string, env: Readonly<Record<string, string | undefined>>): Tools {
  const wrangler = installed(root) ?? inPath(env.PATH ?? '');
  return { node: process.versions.node, ...(wrangler === undefined ? {} : { wrangler }) };
}

function installed(root: string): FoundWrangler | undefined {
  for (let folder = root; ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    const command = join(modules, '.bin', process.platform === 'win32' ? 'wrangler.cmd' : 'wrangler');
    if (isExecutable(command)) return { command, ...readPackage(join(modules, 'wrangler', 'package.json')) };
    if (dirname(folder) === folder) return undefined;
  }
}

function inPath(path: string): FoundWrangler | undefined {
  const names = process.platform === 'win32' ? ['wrangler.cmd', 'wrangler.exe'] : ['wrangler'];
  const commands = path.split(delimiter).flatMap((folder) => (folder === '' ? [] : names.map((name) => join(folder, name))));
  const command = commands.find(isExecutable);
  return command === undefined ? undefined : { command };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function readPackage(file: string): Omit<FoundWrangler, 'command'> {
  try {
    const { version, engines } = JSON.parse(readRegularText(file)) as { version?: unknown; engines?: { node?: unknown } };
    return {
      ...(typeof version === 'string' ? { version } : {}),
      ...(typeof engines?.node === 'string' ? { node: engines.node } : {}),
    };
  } catch {
    return {};
  }
}
