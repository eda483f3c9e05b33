/** The bytes of a stream; undefined as soon as `isTooMuch` says so of the number of bytes so far and the last piece of them: the rest is not read. */
export async function readStream(
  stream: ReadableStream<Uint8Array>,
  isTooMuch: (size: number, piece: Uint8Array) => boolean,
): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the stream.
  for await (const piece of stream) {
    size += piece.byteLength;
    if (isTooMuch(size, piece)) return undefined;
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
