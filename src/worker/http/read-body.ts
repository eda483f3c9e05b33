/** The bytes of a body of at most `limit` bytes; undefined as soon as there are more, whatever its headers say. */
export async function readBody(request: Request, limit: number): Promise<Uint8Array | undefined> {
  const { body } = request;
  if (body === null) return new Uint8Array();
  if (Number(request.headers.get('content-length') ?? 0) > limit) {
    await body.cancel();
    return undefined;
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the stream: the rest is not read.
  for await (const piece of body as ReadableStream<Uint8Array>) {
    length += piece.byteLength;
    if (length > limit) return undefined;
    pieces.push(piece);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.byteLength;
  }
  return bytes;
}
