/** The largest body or object that an operation reads into an output: what the engine keeps of one output (`OUTPUT_TOO_LARGE`). */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Base64 grows by a third: the bytes whose text still fits. */
export const MAX_BASE64_BYTES = Math.floor(MAX_BODY_BYTES / 4) * 3;

/** How a limit is called in messages. */
export function describeBytes(bytes: number): string {
  return `${Math.floor(bytes / 1024 / 1024)} MiB`;
}
