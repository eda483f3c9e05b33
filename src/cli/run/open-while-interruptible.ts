import type { Host } from '../../node/host.ts';
import type { LocalHostOptions } from '../../node/local-host.ts';
import type { Io } from '../io.ts';
import { noticeText } from './notice-text.ts';

/** Opens the host that runs; a test brings its own. */
export type OpenHost = (options: LocalHostOptions) => Promise<Host>;

/** Waiting for the data folder can take as long as another run does: an interrupt ends it. Undefined = interrupted. */
export async function openWhileInterruptible(
  openHost: OpenHost,
  options: LocalHostOptions,
  notice: (text: string) => void,
  io: Io,
): Promise<Host | undefined> {
  const interrupt = new AbortController();
  const stopListening = io.onInterrupt(() => interrupt.abort());
  try {
    const host = await openHost({
      ...options,
      signal: interrupt.signal,
      notice: (told) => notice(noticeText(told, io.cwd)),
    });
    if (!interrupt.signal.aborted) return host;
    await host.close();
    return undefined;
  } catch (error) {
    if (interrupt.signal.aborted) return undefined;
    throw error;
  } finally {
    stopListening();
  }
}
