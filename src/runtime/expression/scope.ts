/**
 * What an expression may read. A fixed shape, so that reading a root is one property load. Values are JSON data (plus Dates that the
 * expression itself made); the engine builds `state` with just the declared keys (LANGUAGE §4.1).
 */
export interface Scope {
  readonly input: unknown;
  readonly state: unknown;
  readonly env: unknown;
  readonly run: unknown;
  readonly trigger: unknown;
  readonly item: unknown;
  readonly index: unknown;
  readonly loop: unknown;
  readonly error: unknown;
  readonly mapResults: unknown;
  /** Results by agent name (LANGUAGE §2.1); an agent that has not run is absent. */
  readonly agents: { get(name: string): unknown };
  /** Epoch ms, for `Date.now()` and `new Date()`. */
  now(): number;
  /** For `crypto.randomUUID()`. */
  uuid(): string;
  /** For `Math.random()`: [0, 1). */
  random(): number;
  /** Called when a text part rendered null or undefined (LANGUAGE §3): the source of the hole. */
  missing?(source: string): void;
}
