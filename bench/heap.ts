/** Bytes that survive two full collections: what the first one frees may hold what the second one finds. Needs `--expose-gc`. */
export function heapUsed(): number {
  if (globalThis.gc === undefined) throw new Error('run this with --expose-gc, as `npm run bench` does');
  for (let pass = 0; pass < 2; pass += 1) globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/** The same once what was aborted is gone too: abort signals are freed in two passes, with a turn of the event loop between them. */
export async function settledHeap(): Promise<number> {
  for (let pass = 0; pass < 2; pass += 1) {
    heapUsed();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return heapUsed();
}
