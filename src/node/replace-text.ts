import { accessSync, chmodSync, constants, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A file that was not replaced, and is as it was. The message says why, without the file's name. */
export class UnwritableText extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnwritableText';
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write it',
  EPERM: 'this user may not write it',
  EROFS: 'its file system is read-only',
  ENOSPC: 'the disk is full',
};

/**
 * Puts a new text in place of `before`, all of it or nothing: it is written beside the file, with the same rights, and then takes its name. A link stays a
 * link.
 * @throws UnwritableText when the file does not hold `before` any more, or cannot be written.
 */
export function replaceText(file: string, before: string, after: string): void {
  let staging: string | undefined;
  try {
    const target = realpathSync(file);
    accessSync(target, constants.W_OK);
    const { mode } = statSync(target);
    staging = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
    writeFileSync(staging, after, { flag: 'wx' });
    chmodSync(staging, mode & 0o7777);
    if (!readFileSync(target).equals(Buffer.from(before))) throw new UnwritableText('it has changed meanwhile');
    renameSync(staging, target);
  } catch (error) {
    if (staging !== undefined) rmSync(staging, { force: true });
    if (error instanceof UnwritableText) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UnwritableText(REASONS[code ?? ''] ?? message, { cause: error });
  }
}
