const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;

/** The longest duration that is taken: beyond it timers and dates lose their meaning (about 285 years). */
export const MAX_DURATION_MS = 9_000_000_000_000;

/**
 * Milliseconds of a duration (LANGUAGE §2): a number counts `unit`s (milliseconds unless told; `cache.ttl` and `expirationTtl` count seconds), a
 * text is one or more of `500ms 30s 5m 2h 7d` (`1h30m`). A text of digits alone is a number. Undefined when it is none, negative or too long.
 */
export function parseDuration(value: string | number, unit: 'ms' | 's' = 'ms'): number | undefined {
  const ms = typeof value === 'number' ? value * (UNIT_MS[unit] ?? 1) : parseText(value.trim(), unit);
  if (ms === undefined || !Number.isFinite(ms) || ms < 0 || ms > MAX_DURATION_MS) return undefined;
  return Math.round(ms);
}

function parseText(text: string, unit: 'ms' | 's'): number | undefined {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * (UNIT_MS[unit] ?? 1);
  if (text.length > 64 || !WHOLE.test(text)) return undefined;
  let total = 0;
  for (const [, amount, name] of text.matchAll(PART)) total += Number(amount) * (UNIT_MS[name ?? ''] ?? 0);
  return total;
}
