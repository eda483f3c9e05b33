import { readFileSync } from 'node:fs';

const ABSENT = 'there is no such file';

/** A file whose text cannot be had. The message says why, without the file's name: "there is no such file". */
export class UnreadableText extends Error {
  /** Whether there is no such file at all. */
  readonly absent: boolean;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnreadableText';
    this.absent = message === ABSENT;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: ABSENT,
  ENOTDIR: ABSENT,
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  ELOOP: 'its symbolic links go round in a circle',
};

/**
 * The text of a file in UTF-8. A file in another encoding is refused: its letters would silently become U+FFFD.
 * @throws UnreadableText
 */
export function readText(file: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UnreadableText(REASONS[code ?? ''] ?? message, { cause: error });
  }
  return decodeUtf8(bytes);
}

/** @throws UnreadableText naming the first byte that is no UTF-8. A byte order mark stays. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    const replaced = new TextEncoder().encode(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
    const at = bytes.findIndex((byte, index) => byte !== replaced[index]);
    const line = bytes.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
    const byte = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
    throw new UnreadableText(`it is not UTF-8 text (byte 0x${byte} in line ${line}); save it as UTF-8`, { cause: error });
  }
}
