/** The largest mail, in bytes. */
const MAX_SIZE = 10 * 1024 * 1024;
/** The parser takes 10 to 20 µs for a line, whatever is in it; ten MiB of attachments have 140,000. */
const MAX_LINES = 250_000;
const LINE_FEED = 10;

/** The bytes of a mail; undefined as soon as there are too many, or too many lines of them. */
export async function readRaw(raw: ReadableStream<Uint8Array>): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  let lines = 0;
  // Leaving the loop cancels the stream: the rest is not read.
  for await (const piece of raw) {
    size += piece.byteLength;
    for (const byte of piece) if (byte === LINE_FEED) lines += 1;
    if (size > MAX_SIZE || lines > MAX_LINES) return undefined;
    pieces.push(piece);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.byteLength;
  }
  return bytes;
}
