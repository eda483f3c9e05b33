/**
 * What a synchronous call gives, and the milliseconds that it takes by itself: on the clock, or of processor time where other processes took the processor from
 * it. (The clock says less where V8 worked for it on other threads.)
 */
export function ownTime<Value>(run: () => Value): { readonly value: Value; readonly ms: number } {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  const value = run();
  const { user, system } = process.cpuUsage(before);
  return { value, ms: Math.min(performance.now() - startedAt, (user + system) / 1_000) };
}
