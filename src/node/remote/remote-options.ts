import type { TellNotice } from '../host-notice.ts';

/** A Worker, and who asks it. */
export interface RemoteTarget {
  /** `https://shop.example.workers.dev`. */
  readonly origin: string;
  /** One of ENSEMBLE_API_KEYS of the Worker. */
  readonly key: string;
  /** The options that named the two on the command line, as a shell takes them; undefined when the environment did. */
  readonly flags?: string;
}

export interface RemoteOptions extends RemoteTarget {
  readonly notice?: TellNotice;
  /** Somebody presses Ctrl-C: what is only waited for ends. The returned function stops listening. */
  readonly onInterrupt?: (listener: () => void) => () => void;
  /** Waits before something is tried again; a test does not. Ends early when the signal fires. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}
