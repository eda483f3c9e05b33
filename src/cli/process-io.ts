import type { Io, Output } from './io.ts';

const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The real process. */
export function openProcessIo(): Io {
  return {
    stdout: openOutput(process.stdout),
    stderr: openOutput(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    async readStdin() {
      let text = '';
      for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
      return text;
    },
    now: () => Date.now(),
    every(ms, callback) {
      const timer = setInterval(callback, ms);
      timer.unref();
      return () => clearInterval(timer);
    },
    delay: (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
    onInterrupt(listener) {
      for (const signal of INTERRUPTS) process.on(signal, listener);
      return () => {
        for (const signal of INTERRUPTS) process.off(signal, listener);
      };
    },
  };
}

function openOutput(stream: NodeJS.WriteStream): Output {
  let closed = false;
  const onClosed = new Set<() => void>();
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The reader of a pipe has gone (`| head -1`), or the terminal has: nobody is left to tell, and it is no fault.
    if (error.code !== 'EPIPE' && error.code !== 'EIO' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
    if (closed) return;
    closed = true;
    for (const listener of onClosed) listener();
  });
  return {
    isTTY: stream.isTTY === true,
    // A pseudo-terminal whose size nobody has set says 0.
    get columns() {
      return stream.columns || undefined;
    },
    get rows() {
      return stream.rows || undefined;
    },
    get closed() {
      return closed;
    },
    write(text) {
      if (!closed) stream.write(text);
    },
    flushed: () =>
      new Promise((resolve) => {
        if (closed || stream.destroyed) resolve();
        else stream.write('', () => resolve());
      }),
    onResize(listener) {
      stream.on('resize', listener);
      return () => stream.off('resize', listener);
    },
    onClosed(listener) {
      onClosed.add(listener);
      return () => onClosed.delete(listener);
    },
  };
}
