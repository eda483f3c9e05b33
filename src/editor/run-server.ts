import type { Readable, Writable } from 'node:stream';
import { createConnection, type Logger, ProposedFeatures } from 'vscode-languageserver';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { type Later, later } from './debounce.ts';
import { serve } from './server.ts';

export interface ServerHost {
  readonly input: Readable;
  readonly output: Writable;
  /** Calls back every `ms` until the returned function ends it. */
  every(ms: number, callback: () => void): () => void;
  /** A test brings its own. */
  readonly later?: Later;
}

/** How often to look whether the editor is still there. */
const PARENT_CHECK_MS = 3_000;

/**
 * Speaks the Language Server Protocol until the editor says `exit`, closes the stream or dies. Resolves to what the protocol has the process end with: 0 after
 * a `shutdown`, 1 without.
 */
export async function runServer({ input, output, every, later: begin = later }: ServerHost): Promise<0 | 1> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let stopWatching = (): void => {};
  const watchDog = {
    shutdownReceived: false,
    initialize({ processId }: { readonly processId: number | null }): void {
      if (processId !== null) stopWatching = every(PARENT_CHECK_MS, () => isAlive(processId) || resolve());
    },
    exit: () => resolve(),
  };
  const connect = (logger: Logger) => createProtocolConnection(new StreamMessageReader(input), new StreamMessageWriter(output), logger);
  const connection = createConnection(connect, watchDog, ProposedFeatures.all);
  for (const event of ['end', 'close', 'error']) input.once(event, () => resolve());
  output.once('error', () => resolve());
  const stop = serve(connection, begin);
  await promise;
  stopWatching();
  stop();
  connection.dispose();
  return watchDog.shutdownReceived ? 0 : 1;
}

/** A signal that is none only asks. Without the right to send one, the process is there all the same. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
