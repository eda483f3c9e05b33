import { decodeUtf8, UnreadableText } from '../../node/read-text.ts';

/** A line of a stream of text, counted from 1, without its line end. `problem`: why it has no text, as the end of a sentence. */
export type Line = { readonly number: number } & ({ readonly text: string } | { readonly problem: string });

/** Longer than any line with an input or an output that a run takes (8 MiB as JSON, several bytes a character). What is beyond is passed over, not kept. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * The lines of a stream, each as soon as it is complete: only one is ever held. `whole` is false for a last line without a line end, which may be the
 * beginning of one. A byte order mark before the first is dropped.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line & { readonly whole: boolean }, void> {
  let number = 1;
  let pieces: Uint8Array[] = [];
  let length = 0;
  const keep = (bytes: Uint8Array) => {
    length += bytes.length;
    if (length <= MAX_LINE_BYTES) pieces.push(bytes);
    else pieces = [];
  };
  const take = (whole: boolean) => {
    const line = { number, whole, ...decodeLine(pieces, length, number) };
    number += 1;
    pieces = [];
    length = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      keep(chunk.subarray(start, end));
      yield take(true);
      start = end + 1;
    }
    if (start < chunk.length) keep(chunk.subarray(start));
  }
  if (length > 0) yield take(false);
}

function decodeLine(
  pieces: readonly Uint8Array[],
  length: number,
  number: number,
): { readonly text: string } | { readonly problem: string } {
  if (length > MAX_LINE_BYTES) return { problem: `is longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB` };
  try {
    const text = decodeUtf8(Buffer.concat(pieces));
    return { text: number === 1 ? text.replace(/^\ufeff/, '') : text };
  } catch (error) {
    if (error instanceof UnreadableText) return { problem: 'is not UTF-8 text' };
    throw error;
  }
}
