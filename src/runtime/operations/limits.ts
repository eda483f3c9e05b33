import { isDeeper } from '../../program/json-depth.ts';
import { MAX_OUTPUT_DEPTH } from '../engine/json-size.ts';
import { failure } from '../failure.ts';

/** The largest body or object that an operation reads into an output: what the engine keeps of one output (`OUTPUT_TOO_LARGE`). */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Base64 grows by a third: the bytes whose text still fits. */
export const MAX_BASE64_BYTES = Math.floor(MAX_BODY_BYTES / 4) * 3;

/** How long a request of `http` may take, to the last byte of its answer, when nothing says otherwise: a server that drips holds the run no longer. */
export const MAX_REQUEST_MS = 5 * 60_000;

/** The same of a call of a model: one that thinks answers nothing for minutes. The SDKs of OpenAI and Anthropic wait as long. */
export const MAX_MODEL_MS = 10 * 60_000;

/**
 * Of JSON text that is to become an output, before it is parsed: eight megabytes of brackets are twelve seconds of work and half a gigabyte, which only then are found to be nested too deeply.
 * Throws OUTPUT_TOO_LARGE.
 */
export function checkDepth(text: string, what: string): void {
  if (isDeeper(text, MAX_OUTPUT_DEPTH)) throw failure('OUTPUT_TOO_LARGE', `${what} is JSON nested deeper than ${MAX_OUTPUT_DEPTH} levels`);
}

/** How a limit is called in messages. */
export function describeBytes(bytes: number): string {
  return `${Math.floor(bytes / 1024 / 1024)} MiB`;
}
