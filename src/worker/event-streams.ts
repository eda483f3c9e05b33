/** The open answers that follow a run: each gets every text that is sent, until the run is over. */
export class EventStreams {
  readonly #streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  readonly #encoder = new TextEncoder();

  /** A stream that begins with what is sent next. A reader who goes away is forgotten; the run goes on. */
  open(): ReadableStream<Uint8Array> {
    let own: ReadableStreamDefaultController<Uint8Array> | undefined;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = controller;
        this.#streams.add(controller);
      },
      cancel: () => {
        if (own !== undefined) this.#streams.delete(own);
      },
    });
  }

  send(text: string): void {
    if (this.#streams.size === 0) return;
    const bytes = this.#encoder.encode(text);
    for (const stream of this.#streams) stream.enqueue(bytes);
  }

  close(): void {
    for (const stream of this.#streams) stream.close();
    this.#streams.clear();
  }

  fail(error: unknown): void {
    for (const stream of this.#streams) stream.error(error);
    this.#streams.clear();
  }
}
