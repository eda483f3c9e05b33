const deadlines = new WeakMap<AbortSignal, number>();

/** When the signal fires by itself at the latest, epoch ms; undefined when it does not. */
export function deadlineOf(signal: AbortSignal): number | undefined {
  return deadlines.get(signal);
}

/** `signal` fires at `at`, if that is known, and when `around` does. */
export function setDeadline(signal: AbortSignal, around: AbortSignal, at?: number): void {
  const earliest = Math.min(at ?? Number.POSITIVE_INFINITY, deadlines.get(around) ?? Number.POSITIVE_INFINITY);
  if (earliest !== Number.POSITIVE_INFINITY) deadlines.set(signal, earliest);
}
