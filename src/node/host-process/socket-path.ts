import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ProjectProblem } from '../project-problem.ts';
import { isPrivate } from './is-private.ts';

/** `sun_path` has 104 bytes on macOS and 108 on Linux, one of them for the end. */
const MAX_PATH_BYTES = 100;
/** Of what `privateSocketFolder` is asked for. */
const LONGEST_NAME = 40;

/**
 * Where the host of a data folder listens: in a folder that only this user may enter, under a name that no host before it had. Sockets that killed hosts of the folder left
 * behind are removed; call it with the folder's lock.
 * @throws ProjectProblem when there is no place for it.
 */
export function chooseSocketPath(dataFolder: string, hostFolder: string): string {
  const name = createHash('sha256').update(dataFolder).digest('hex').slice(0, 16);
  const own = `${name}-${randomBytes(4).toString('hex')}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\ensemble-${own}`;
  for (const folder of candidates(hostFolder)) {
    const path = join(folder, `${own}.sock`);
    if (Buffer.byteLength(path) > MAX_PATH_BYTES || !makePrivate(folder)) continue;
    for (const other of readdirSync(folder)) if (other.startsWith(`${name}-`)) rmSync(join(folder, other), { force: true });
    return path;
  }
  throw new ProjectProblem(
    `the host of this project finds no folder for its socket that only you may enter: set XDG_RUNTIME_DIR to one, or run with --no-host`,
  );
}

const NAME = /^[0-9a-f]{16}-[0-9a-f]{8}\.sock$/;

/** Whether a host of this user may listen there, and nobody else: what a record names could be the socket of another program. */
export function isHostSocket(path: string): boolean {
  if (process.platform === 'win32') return path.startsWith('\\\\.\\pipe\\ensemble-');
  try {
    return NAME.test(basename(path)) && isPrivate(dirname(path)) && lstatSync(path).isSocket() && isPrivate(path);
  } catch {
    return false;
  }
}

/** A folder for sockets that only this user may enter and that no project has to itself; undefined when there is none. */
export function privateSocketFolder(): string | undefined {
  return sharedFolders().find((folder) => Buffer.byteLength(folder) + LONGEST_NAME <= MAX_PATH_BYTES && makePrivate(folder));
}

function candidates(hostFolder: string): readonly string[] {
  return [...sharedFolders(), join(hostFolder, 'socket')];
}

function sharedFolders(): readonly string[] {
  const own = `ensemble-${process.getuid?.() ?? 0}`;
  const bases = [process.env.XDG_RUNTIME_DIR, tmpdir(), '/tmp'].filter((base) => base !== undefined && base !== '');
  return bases.map((base) => join(base ?? '', own));
}

/** False when the folder is another user's, who may have made it to listen in our place. */
function makePrivate(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
    // Whatever the umask is.
    chmodSync(folder, 0o700);
  } catch {}
  try {
    return isPrivate(folder);
  } catch {
    return false;
  }
}
