/** How the events of a run are sent: each line of the journal as a frame, and what tells that the connection lives. */
export interface FrameFormat {
  /** Sent before all else. */
  readonly opening: string;
  readonly frame: (line: string) => string;
  readonly keepAlive: string;
}

/** Server-sent events (WHATWG HTML §9.2): JSON has no line breaks, so each event is one `data` line. */
export const SERVER_SENT_EVENTS: FrameFormat = {
  // How long a client waits before it comes back, in ms.
  opening: 'retry: 1000\n\n',
  frame: (line) => {
    const { seq, type } = JSON.parse(line) as { readonly seq: number; readonly type: string };
    return `id: ${seq}\nevent: ${type}\ndata: ${line}\n\n`;
  },
  keepAlive: ': keep-alive\n\n',
};

/** A line of JSON an event. An empty line says that nothing has happened. */
export const NDJSON: FrameFormat = { opening: '', frame: (line) => `${line}\n`, keepAlive: '\n' };

/**
 * The lines of `source` as frames, at the pace of who reads them; an empty line, by which the source says that it lives, as the sign for that. Ends with the source, also when that breaks: what is
 * missing is asked for anew. Who stops reading ends the source.
 */
export function frameEvents(source: ReadableStream<Uint8Array>, format: FrameFormat): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  const encoder = new TextEncoder();
  const lines = new LineSplitter();
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      if (format.opening !== '') controller.enqueue(encoder.encode(format.opening));
    },
    pull: async (controller) => {
      for (let text = ''; text === ''; ) {
        const { value } = await reader.read().catch(() => ENDED);
        if (value === undefined) {
          controller.close();
          return;
        }
        const frames = lines.add(value).map((line) => (line === '' ? format.keepAlive : format.frame(line)));
        text = frames.join('');
        if (text !== '') controller.enqueue(encoder.encode(text));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

const ENDED: { readonly value?: Uint8Array } = {};

/** Whole lines out of pieces that may end anywhere. What stands behind the last line break is kept for the next piece, or is lost with it. */
class LineSplitter {
  readonly #decoder = new TextDecoder();
  // In pieces: joining them at each one would make a long line cost the square of its length.
  #begun: string[] = [];

  add(bytes: Uint8Array): string[] {
    const [first = '', ...rest] = this.#decoder.decode(bytes, { stream: true }).split('\n');
    this.#begun.push(first);
    const whole: string[] = [];
    for (const next of rest) {
      whole.push(this.#begun.join(''));
      this.#begun = [next];
    }
    return whole;
  }
}
