import { chmodSync, statSync } from 'node:fs';

/** Whether the file system keeps who may read and write this file or folder of ours; where it does not, the mode tells nothing (a drive of Windows, a memory stick). */
export function keepsModes(path: string): boolean {
  const { mode } = statSync(path);
  try {
    chmodSync(path, mode & 0o700);
    const kept = (statSync(path).mode & 0o077) === 0;
    chmodSync(path, mode & 0o7777);
    return kept;
  } catch {
    // Another's: its mode is what it says.
    return true;
  }
}
