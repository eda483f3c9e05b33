/** Milliseconds of a `Retry-After` header (RFC 9110 §10.2.3: seconds, or a date); undefined when there is none that can be read. `now`: epoch ms. */
export function parseRetryAfter(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
