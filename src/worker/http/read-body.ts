import { readStream } from '../read-stream.ts';

/** The bytes of a body of at most `limit` bytes; undefined as soon as there are more, whatever its headers say. */
export async function readBody(request: Request, limit: number): Promise<Uint8Array | undefined> {
  const { body } = request;
  if (body === null) return new Uint8Array();
  if (Number(request.headers.get('content-length') ?? 0) > limit) {
    await body.cancel();
    return undefined;
  }
  return readStream(body as ReadableStream<Uint8Array>, (size) => size > limit);
}
