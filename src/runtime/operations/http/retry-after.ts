/**
 * Milliseconds that a `Retry-After` header asks to wait (RFC 9110 §10.2.3: seconds, or an HTTP date), measured from `now` (epoch ms); undefined
 * when it is absent or neither. A date in the past is 0.
 */
export function parseRetryAfter(header: string | null | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}(?:\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  // An HTTP date begins with the day's name; anything else that `Date.parse` takes is no Retry-After.
  if (!/^[A-Za-z]{3,9},? /.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
