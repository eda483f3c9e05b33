import { lstatSync, mkdirSync } from 'node:fs';

/**
 * Whether what is kept in a folder was kept by this user: it is made when it is not there, and is no link, nor another user's, nor open to all.
 * Not for Windows, which knows neither users by number nor modes.
 */
export function isOwnFolder(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch {
    // It is there, or cannot be made.
  }
  try {
    const found = lstatSync(path);
    return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o002) === 0;
  } catch {
    return false;
  }
}
