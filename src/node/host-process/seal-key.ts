import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPrivate } from './is-private.ts';

const KEY = /^[A-Za-z0-9+/]{43}=$/;

/**
 * The key that seals what a resumed run needs of its secrets: base64 of 32 bytes, created once for a data folder and readable by its owner only. Undefined when it cannot be
 * kept: runs then go on with what their events show.
 */
export function readSealKey(hostFolder: string): string | undefined {
  const file = join(hostFolder, 'seal-key');
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    const known = readKey(file);
    if (known !== undefined) return known;
    mkdirSync(hostFolder, { recursive: true });
    writeFileSync(draft, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' });
    try {
      // Whole or not at all, and never over one that another process has put there.
      linkSync(draft, file);
    } finally {
      rmSync(draft, { force: true });
    }
  } catch {}
  return readKey(file);
}

function readKey(file: string): string | undefined {
  try {
    // Another may know it, or have put it there.
    if (!isPrivate(file)) return undefined;
    const text = readFileSync(file, 'utf8').trim();
    return KEY.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
