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

/** All that the CLI touches of its process, so that a test can run `main` without one. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readStdin(): Promise<Uint8Array>;
  /** Epoch ms. */
  now(): number;
  /** Calls back every `ms` without keeping the process alive; the returned function ends it. */
  every(ms: number, callback: () => void): () => void;
  /** Resolves after `ms`; does not keep the process alive. */
  delay(ms: number): Promise<void>;
  /** Ctrl-C, SIGTERM, the terminal that closes. While nobody listens they end the process, as usual. */
  onInterrupt(listener: () => void): () => void;
}
