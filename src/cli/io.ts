/** The part of a terminal, pipe or file that the CLI writes to. */
export interface Output {
  readonly isTTY: boolean;
  /** Of a terminal; undefined otherwise. */
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  /** True once the reader has gone away (EPIPE); what is written then is lost without a word. */
  readonly closed: boolean;
  write(text: string): void;
  /** Resolves when all that was written has been handed on. */
  flushed(): Promise<void>;
  onResize(listener: () => void): () => void;
  onClosed(listener: () => void): () => void;
}

/** What comes in: a pipe, a file, or the keys that a person presses. Read in one way only: whole, in pieces, or line by line. */
export interface Input {
  readonly isTTY: boolean;
  /** The bytes as they come; whoever stops early leaves the rest unread. */
  chunks(): AsyncIterable<Uint8Array>;
  /** The next line without its line end; undefined once the input has ended, or when the signal fires first: the line is then the next caller's. */
  line(signal: AbortSignal): Promise<string | undefined>;
}

/** All that the CLI touches of its process, so that a test can run `main` without one. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: Input;
  readStdin(): Promise<Uint8Array>;
  /** Epoch ms. */
  now(): number;
  /** Calls back every `ms` without keeping the process alive; the returned function ends it. */
  every(ms: number, callback: () => void): () => void;
  /** Resolves after `ms`; does not keep the process alive. */
  delay(ms: number): Promise<void>;
  /** Keeps the process alive until the returned function is called: for who waits although nothing is under way. */
  stayAlive(): () => void;
  /** Ctrl-C, SIGTERM, the terminal that closes. While nobody listens they end the process, as usual. */
  onInterrupt(listener: () => void): () => void;
}
