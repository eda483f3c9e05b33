import { PassThrough } from 'node:stream';
import { openInput } from '../../../src/cli/input.ts';
import type { Io, Output } from '../../../src/cli/io.ts';

export interface FakeOutput extends Output {
  readonly text: string;
  columns: number | undefined;
  rows: number | undefined;
  /** The reader goes away. */
  breakPipe(): void;
  resize(columns: number): void;
}

export interface FakeIo extends Io {
  readonly stdout: FakeOutput;
  readonly stderr: FakeOutput;
  /** Moves the clock; timers that fall due fire in order. */
  advance(ms: number): void;
  interrupt(): void;
  /** Someone types at the terminal. */
  type(text: string): void;
  /** Ctrl-D on an empty line. */
  endInput(): void;
  readonly interruptListeners: number;
  /** How many keep the process alive. */
  readonly staying: number;
}

export interface FakeIoOptions {
  readonly tty?: boolean;
  readonly stdoutTty?: boolean;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string | Uint8Array;
  /** Whether stdin is a terminal, at which `type` types. */
  readonly stdinTty?: boolean;
}

/** A process without a process: what is written is kept, the clock is moved by hand. */
export function createFakeIo(options: FakeIoOptions = {}): FakeIo {
  let now = 1_800_000_000_000;
  let staying = 0;
  const timers = new Set<{ at: number; every: number | undefined; callback: () => void }>();
  const interrupts = new Set<() => void>();
  const stdin = new PassThrough();
  if (options.stdinTty !== true) stdin.end(Buffer.from(options.stdin ?? ''));
  const add = (ms: number, every: number | undefined, callback: () => void) => {
    const timer = { at: now + ms, every, callback };
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  return {
    stdout: createFakeOutput(options.stdoutTty ?? options.tty ?? false, options.columns),
    stderr: createFakeOutput(options.tty ?? false, options.columns),
    env: options.env ?? {},
    cwd: options.cwd ?? '/',
    stdin: openInput(() => Object.assign(stdin, { isTTY: options.stdinTty === true })),
    type: (typed) => void stdin.write(typed),
    endInput: () => void stdin.end(),
    readStdin: () => Promise.resolve(Buffer.from(options.stdin ?? '')),
    now: () => now,
    every: (ms, callback) => add(ms, ms, callback),
    delay: (ms) => new Promise((resolve) => void add(ms, undefined, resolve)),
    stayAlive() {
      staying += 1;
      return () => {
        staying -= 1;
      };
    },
    get staying() {
      return staying;
    },
    onInterrupt(listener) {
      interrupts.add(listener);
      return () => void interrupts.delete(listener);
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const next = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        now = next.at;
        if (next.every === undefined) timers.delete(next);
        else next.at += next.every;
        next.callback();
      }
      now = end;
    },
    interrupt() {
      for (const listener of [...interrupts]) listener();
    },
    get interruptListeners() {
      return interrupts.size;
    },
  };
}

function createFakeOutput(isTTY: boolean, columns: number | undefined): FakeOutput {
  let text = '';
  let closed = false;
  const onClosed = new Set<() => void>();
  const onResize = new Set<() => void>();
  return {
    isTTY,
    columns: isTTY ? (columns ?? 80) : undefined,
    rows: isTTY ? 24 : undefined,
    get text() {
      return text;
    },
    get closed() {
      return closed;
    },
    write(added) {
      if (!closed) text += added;
    },
    flushed: () => Promise.resolve(),
    onResize(listener) {
      onResize.add(listener);
      return () => void onResize.delete(listener);
    },
    onClosed(listener) {
      onClosed.add(listener);
      return () => void onClosed.delete(listener);
    },
    breakPipe() {
      closed = true;
      for (const listener of onClosed) listener();
    },
    resize(next) {
      this.columns = next;
      for (const listener of onResize) listener();
    },
  };
}
