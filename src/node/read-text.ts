import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';

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

/** Eight times what a run takes as input: more is no text that any part of this reads, and a device could be read for ever. */
export const MAX_TEXT_BYTES = 64 * 1024 * 1024;
const FIRST_BUFFER_BYTES = 1024 * 1024;

/**
 * The text of a file in UTF-8; of a pipe or a device as well. A file in another encoding is refused: its letters would silently become U+FFFD.
 * @throws UnreadableText, also for more than `MAX_TEXT_BYTES`.
 */
export function readText(file: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readBytes(file);
  } catch (error) {
    if (error instanceof UnreadableText) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UnreadableText(REASONS[code ?? ''] ?? message, { cause: error });
  }
  return decodeUtf8(bytes);
}

function readBytes(file: string): Uint8Array {
  const opened = openSync(file, 'r');
  try {
    const stats = fstatSync(opened);
    if (stats.isFile() && stats.size > MAX_TEXT_BYTES) throw tooLarge();
    if (stats.isFile()) return readFileSync(opened);
    // Pieces are copied into one: of what is written to a pipe byte by byte each would keep a buffer of its own.
    let bytes = new Uint8Array(FIRST_BUFFER_BYTES);
    for (let size = 0; ; ) {
      if (size === bytes.length) bytes = enlarge(bytes);
      const length = readSync(opened, bytes, size, bytes.length - size, null);
      if (length === 0) return bytes.subarray(0, size);
      size += length;
      if (size > MAX_TEXT_BYTES) throw tooLarge();
    }
  } finally {
    closeSync(opened);
  }
}

function enlarge(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(2 * bytes.length, MAX_TEXT_BYTES + 1));
  larger.set(bytes);
  return larger;
}

function tooLarge(): UnreadableText {
  return new UnreadableText(`it is larger than ${MAX_TEXT_BYTES / 1024 / 1024} MiB`);
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
