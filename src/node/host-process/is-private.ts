import { lstatSync } from 'node:fs';

/** Whether a file or folder is this user's own and nobody else may read or write it. */
export function isPrivate(path: string): boolean {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return false;
  return process.platform === 'win32' || (stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0);
}
