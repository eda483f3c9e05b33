const LINE_END = new TextEncoder().encode('\n');

/**
 * Hands the pieces of `source`, each of whole lines, on to an answer, and an empty line whenever none has come for `keepAliveMs`. Resolves when either side is at its end; a reader who is gone ends the
 * source. workerd tells a stream made of JavaScript nothing when its reader goes away; what is written to an `IdentityTransformStream` fails then, and so something must be written from time to time.
 */
export async function pumpLines(
  source: ReadableStream<Uint8Array>,
  answer: WritableStream<Uint8Array>,
  keepAliveMs: number,
): Promise<void> {
  const [reader, writer] = [source.getReader(), answer.getWriter()];
  // What it would reject with is met by the next write.
  writer.closed.catch(() => undefined);
  try {
    for (let pending = reader.read(); ; ) {
      const piece = await unlessSilent(pending, keepAliveMs);
      if (piece === undefined) await writer.write(LINE_END);
      else if (piece.value === undefined) {
        await writer.close();
        return;
      } else {
        await writer.write(piece.value);
        pending = reader.read();
      }
    }
  } catch (error) {
    await Promise.allSettled([reader.cancel(error), writer.abort(error)]);
  }
}

/** Undefined when it is still to come after so many ms. */
async function unlessSilent<Value>(coming: Promise<Value>, ms: number): Promise<Value | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([coming, silence]);
  } finally {
    if (timer !== undefined) clearTimeout(timer);
  }
}
