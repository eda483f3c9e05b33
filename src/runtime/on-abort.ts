/** What waits for a signal: one listener of the platform a signal, however many wait. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `stop` once when the signal fires (not when it has fired already); the returned function takes that back. Listeners of the platform are slow to
 * add and remove (tens of µs a pair inside workerd), and a run's signal is waited for with every call that it makes.
 */
export function onAbort(signal: AbortSignal, stop: () => void): () => void {
  const stops = waiting.get(signal) ?? listen(signal);
  stops.add(stop);
  return () => {
    stops.delete(stop);
  };
}

function listen(signal: AbortSignal): Set<() => void> {
  const stops = new Set<() => void>();
  waiting.set(signal, stops);
  signal.addEventListener(
    'abort',
    () => {
      for (const stop of stops) stop();
      stops.clear();
    },
    { once: true },
  );
  return stops;
}
