import { onAbort } from '../../runtime/on-abort.ts';

/** The chunks until they end or the signal fires: a stream that nobody writes to (stdin) would keep its reader for ever. */
export async function* untilAborted(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  const iterator = chunks[Symbol.asyncIterator]();
  const { promise: aborted, resolve: end } = Promise.withResolvers<undefined>();
  const forget = onAbort(signal, () => end(undefined));
  try {
    while (!signal.aborted) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next === undefined || next.done === true) return;
      yield next.value;
    }
  } finally {
    forget();
    // A read that is under way holds back the return, which nobody waits for then.
    const returned = Promise.resolve(iterator.return?.()).catch(() => {});
    if (!signal.aborted) await returned;
  }
}
