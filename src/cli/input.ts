import type { Readable } from 'node:stream';
import { onAbort } from '../runtime/on-abort.ts';
import type { Input } from './io.ts';

/**
 * An input over a stream, which is opened when it is first read: opening stdin keeps the process alive, and loads much of Node. `isTTY` tells without opening it whether it is a terminal, where that
 * can be told.
 */
export function openInput(open: () => Readable & { readonly isTTY?: boolean }, isTTY = () => open().isTTY === true): Input {
  let lines: LineQueue | undefined;
  return {
    get isTTY() {
      return isTTY();
    },
    chunks: () => open(),
    line(signal) {
      lines ??= new LineQueue(open());
      return lines.next(signal);
    },
  };
}

/** Lines that were typed ahead wait for whoever asks next. */
class LineQueue {
  readonly #ready: string[] = [];
  readonly #waiting: ((line: string | undefined) => void)[] = [];
  #rest = '';
  #ended = false;

  constructor(stream: Readable) {
    const decoder = new TextDecoder();
    stream.on('data', (bytes: Uint8Array) => this.#take(decoder.decode(bytes, { stream: true })));
    const end = () => {
      this.#ended = true;
      if (this.#rest !== '') this.#take('\n');
      for (const tell of this.#waiting.splice(0)) tell(undefined);
    };
    stream.on('end', end);
    // The terminal has gone away: nobody types any more.
    stream.on('error', end);
  }

  next(signal: AbortSignal): Promise<string | undefined> {
    const line = this.#ready.shift();
    if (line !== undefined || this.#ended || signal.aborted) return Promise.resolve(line);
    return new Promise((resolve) => {
      const settle = (found: string | undefined): void => {
        forget();
        resolve(found);
      };
      const forget = onAbort(signal, () => {
        this.#waiting.splice(this.#waiting.indexOf(settle), 1);
        resolve(undefined);
      });
      this.#waiting.push(settle);
    });
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const whole = line.replace(/\r$/, '');
      const tell = this.#waiting.shift();
      if (tell === undefined) this.#ready.push(whole);
      else tell(whole);
    }
  }
}
