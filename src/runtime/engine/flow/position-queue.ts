/** Positions of which the smallest is taken first: a heap, so that taking one of ten thousand costs a few comparisons. */
export class PositionQueue {
  readonly #heap: number[] = [];

  get size(): number {
    return this.#heap.length;
  }

  add(position: number): void {
    const heap = this.#heap;
    let hole = heap.length;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above <= position) break;
      heap[hole] = above;
      hole = parent;
    }
    heap[hole] = position;
  }

  /** Undefined when there is none. */
  take(): number | undefined {
    const heap = this.#heap;
    const [smallest] = heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return smallest;
    let hole = 0;
    for (;;) {
      const left = 2 * hole + 1;
      const right = left + 1;
      const child = (heap[right] ?? Number.POSITIVE_INFINITY) < (heap[left] ?? Number.POSITIVE_INFINITY) ? right : left;
      const below = heap[child];
      if (below === undefined || below >= last) break;
      heap[hole] = below;
      hole = child;
    }
    heap[hole] = last;
    return smallest;
  }
}
