import { readStream } from '../../read-stream.ts';

/** The largest mail, in bytes. */
const MAX_SIZE = 10 * 1024 * 1024;
/** The parser takes 10 to 20 µs for a line, whatever is in it; ten MiB of attachments have 140,000. */
const MAX_LINES = 250_000;
const LINE_FEED = 10;

/** The bytes of a mail; undefined as soon as there are too many, or too many lines of them. */
export function readRaw(raw: ReadableStream<Uint8Array>): Promise<Uint8Array | undefined> {
  let lines = 0;
  return readStream(raw, (size, piece) => {
    for (const byte of piece) if (byte === LINE_FEED) lines += 1;
    return size > MAX_SIZE || lines > MAX_LINES;
  });
}
