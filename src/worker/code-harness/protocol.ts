import type { LogLevel } from '../../program/run-event.ts';

/** How the engine's side (`code-runner.ts`) and the isolate's side talk: JSON text both ways, so that no live object ever crosses. */
export const HARNESS_MODULE = 'ensemble-harness.js';
export const HARNESS_ENTRYPOINT = 'CodeHarness';

/** Of what a body is given, as JSON: one call between isolates holds 32 MiB, of which the rest of it needs a little. A character takes a byte, or two where one of them is beyond U+00FF. */
const MAX_SCOPE_BYTES = 31 * 1024 * 1024;
const WIDE = /[^\0-\xff]/;

/** Whether a body cannot be given this JSON. */
export function isScopeTooLarge(text: string): boolean {
  return text.length > MAX_SCOPE_BYTES || (2 * text.length > MAX_SCOPE_BYTES && WIDE.test(text));
}

export const SCOPE_TOO_LARGE = 'What the code is given (its input, state and the outputs that it reads) is more than 31 MiB of JSON.';

/** What a body is called with. `holes` holds each value in a list of its own: an empty one is undefined. */
export interface CallText {
  readonly input: unknown;
  readonly state: unknown;
  readonly env: Readonly<Record<string, string>>;
  readonly holes: readonly (readonly unknown[])[];
  readonly agents: Readonly<Record<string, unknown>>;
  readonly config: unknown;
}

export interface HarnessLog {
  readonly level: LogLevel;
  readonly message: string;
}

/** How the body ended. `line` is the module's, from 1, of the frame of the author's own code that threw. */
export type OutcomeText =
  | {
      readonly ok: true;
      readonly value?: unknown;
      readonly setState?: Readonly<Record<string, unknown>>;
      readonly logs: readonly HarnessLog[];
    }
  | {
      readonly ok: false;
      readonly code: 'CODE_ERROR' | 'CODE_OUTPUT' | 'OUTPUT_TOO_LARGE' | 'CODE_GONE' | 'CANCELLED';
      readonly message: string;
      readonly line?: number;
      readonly column?: number;
      readonly logs: readonly HarnessLog[];
    };

/** The RPC interface of the isolate's entrypoint. */
export interface HarnessPort {
  /** Calls the default export of `module`. `id` names the call for `abort`; `keepAliveMs` keeps a body that waits for nothing from being ended at once. */
  call(module: string, scope: string, id: string, keepAliveMs?: number): Promise<string>;
  /** What that call has logged since the last time, as JSON text; an empty list when it is over. */
  takeLogs(id: string): Promise<string>;
  /** Fires the `signal` of that call. */
  abort(id: string): Promise<void>;
}
