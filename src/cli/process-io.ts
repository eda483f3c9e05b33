import { isatty } from 'node:tty';
import { MAX_TEXT_BYTES } from '../node/read-text.ts';
import { openInput } from './input.ts';
import type { Io, Output } from './io.ts';
import { OutputProblem } from './output-problem.ts';
import { UsageProblem } from './usage-problem.ts';

/** File descriptors. */
const [STDIN, STDOUT, STDERR] = [0, 1, 2] as const;
const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const interruptListeners = new Set<() => void>();

const interrupt = (): void => {
  for (const listener of [...interruptListeners]) listener();
};

/** However many listen (a batch has one for each row at work), the process has one listener for each signal, and none while nobody listens: then a signal ends it. */
function onInterrupt(listener: () => void): () => void {
  // One that is given twice is called twice, and taken back once.
  const own = (): void => listener();
  if (interruptListeners.size === 0) for (const signal of INTERRUPTS) process.on(signal, interrupt);
  interruptListeners.add(own);
  return () => {
    if (!interruptListeners.delete(own) || interruptListeners.size > 0) return;
    for (const signal of INTERRUPTS) process.off(signal, interrupt);
  };
}

/** The real process. */
export function openProcessIo(): Io {
  return {
    stdin: openInput(
      () => process.stdin,
      () => isatty(STDIN),
    ),
    stdout: openOutput(
      () => process.stdout,
      () => isatty(STDOUT),
      false,
    ),
    stderr: openOutput(
      () => process.stderr,
      () => isatty(STDERR),
      true,
    ),
    env: process.env,
    get cwd() {
      return currentFolder();
    },
    readStdin: () => readWhole(process.stdin),
    now: () => Date.now(),
    every(ms, callback) {
      const timer = setInterval(callback, ms);
      timer.unref();
      return () => clearInterval(timer);
    },
    delay: (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
    stayAlive() {
      const timer = setInterval(() => {}, LONG_MS);
      return () => clearInterval(timer);
    },
    onInterrupt,
  };
}

/** @throws UsageProblem where the folder of the shell was deleted. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new UsageProblem('the current folder is not there any more', { cause });
  }
}

/**
 * All that a stream brings.
 * @throws UsageProblem for more than `MAX_TEXT_BYTES`: a stream may have no end.
 */
export async function readWhole(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let left = MAX_TEXT_BYTES;
  for await (const piece of stream) {
    left -= piece.byteLength;
    if (left < 0) throw new UsageProblem(`stdin holds more than ${MAX_TEXT_BYTES / 1024 / 1024} MiB`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** How often a process that only waits wakes up for nothing. */
const LONG_MS = 3_600_000;

/**
 * An output over a stream of the process, which is opened when it is first needed: that takes Node some milliseconds, and many commands write to one of the two only. `isTTY` tells without opening it
 * whether it is a terminal. When stderr cannot be written, there is nobody to tell, and the run goes on.
 */
export function openOutput(open: () => NodeJS.WriteStream, isTTY: () => boolean, isStderr: boolean): Output {
  const isTerminal = isTTY();
  let opened: NodeJS.WriteStream | undefined;
  let closed = false;
  const onClosed = new Set<() => void>();
  const fail = (error: NodeJS.ErrnoException) => {
    // The reader of a pipe has gone (`| head -1`), or the terminal has: nobody is left to tell, and it is no fault.
    const gone = error.code === 'EPIPE' || error.code === 'EIO' || error.code === 'ERR_STREAM_DESTROYED';
    if (!gone && !isStderr) throw new OutputProblem(error);
    if (closed) return;
    closed = true;
    for (const listener of onClosed) listener();
  };
  const stream = (): NodeJS.WriteStream => {
    opened ??= open().on('error', fail);
    return opened;
  };
  /** To a file Node writes at once, and throws. */
  const write = (text: string, done?: () => void) => {
    try {
      stream().write(text, done);
    } catch (error) {
      done?.();
      fail(error as NodeJS.ErrnoException);
    }
  };
  return {
    isTTY: isTerminal,
    // A pseudo-terminal whose size nobody has set says 0.
    get columns() {
      return isTerminal ? stream().columns || undefined : undefined;
    },
    get rows() {
      return isTerminal ? stream().rows || undefined : undefined;
    },
    get closed() {
      return closed;
    },
    write(text) {
      if (!closed) write(text);
    },
    flushed: () =>
      new Promise((resolve) => {
        if (opened === undefined || closed || opened.destroyed) resolve();
        else write('', resolve);
      }),
    onResize(listener) {
      stream().on('resize', listener);
      return () => stream().off('resize', listener);
    },
    onClosed(listener) {
      onClosed.add(listener);
      return () => onClosed.delete(listener);
    },
  };
}
