import { join } from 'node:path';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { BuildOptions, Metafile } from 'esbuild';
import { packageRoot } from '../package-root.ts';

export interface BundleMessage {
  readonly text: string;
  readonly location: { readonly file: string; readonly line: number; readonly column: number } | null;
}

export interface BundledFiles {
  readonly metafile: Metafile;
  readonly outputFiles: readonly { readonly path: string; readonly text: string }[];
}

/** What comes back from the thread. */
export type Bundled = BundledFiles | { readonly errors: readonly BundleMessage[] } | { readonly defect: string };

/** What is sent to it; `ended` becomes 1 once the answer lies in `port`. */
export interface BundleAsk {
  readonly ask: BuildOptions;
  readonly port: MessagePort;
  readonly ended: Int32Array;
}

/** Longer than any script takes. What esbuild reads besides sources (source maps, `package.json` of packages within packages) may be a pipe all the same. */
const LIMIT_MS = 60_000;

let thread: Worker | undefined;

/** Runs esbuild in a thread of its own and waits for it: compiling asks for scripts synchronously. The thread lives on, for the next script, and keeps no process alive. */
export function runEsbuild(ask: BuildOptions): BundledFiles | { readonly errors: readonly BundleMessage[] } {
  let reply = askThread(ask);
  // The process of esbuild was ended since the last script, and the thread starts it once only.
  if ('defect' in reply) reply = askThread(ask);
  if ('defect' in reply) throw new Error(`esbuild failed: ${reply.defect}`);
  return reply;
}

function askThread(ask: BuildOptions): Bundled {
  thread ??= startThread();
  const { port1, port2 } = new MessageChannel();
  const ended = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  thread.postMessage({ ask, port: port2, ended } satisfies BundleAsk, [port2]);
  const isInTime = Atomics.wait(ended, 0, 0, LIMIT_MS) !== 'timed-out';
  const reply: Bundled | undefined = receiveMessageOnPort(port1)?.message;
  port1.close();
  const isAnswered = isInTime && reply !== undefined;
  if (!isAnswered || 'defect' in reply) {
    void thread.terminate();
    thread = undefined;
  }
  if (isAnswered) return reply;
  const text = `esbuild did not come to an end within ${LIMIT_MS / 1_000} seconds: is a file that it reads a pipe?`;
  return { errors: [{ text, location: null }] };
}

function startThread(): Worker {
  const started = new Worker(join(packageRoot(), 'dist/bundle-worker.js'));
  // What went wrong in it is told by the answer that is missing; without a listener it would end the process.
  started.on('error', () => {
    if (thread === started) thread = undefined;
  });
  started.unref();
  return started;
}
