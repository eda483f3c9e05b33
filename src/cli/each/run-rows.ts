/**
 * Does `work` with each item, at most `concurrency` at once, items begun in order. `stopped` is asked before each: once it says true no more are begun. The first
 * error ends it likewise and is thrown when all that had begun is over.
 */
export async function runRows<Item>(
  items: AsyncGenerator<Item, void>,
  concurrency: number,
  stopped: () => boolean,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let failed = false;
  const lane = async () => {
    while (!failed && !stopped()) {
      const next = await items.next();
      if (next.done === true || failed || stopped()) return;
      await work(next.value);
    }
  };
  const lanes = Array.from({ length: concurrency }, () =>
    lane().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  const ends = await Promise.allSettled(lanes);
  await items.return();
  const broken = ends.find((end) => end.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
}
