import type { JsonValue } from '../../../../src/program/json.ts';
import type { Clock, StepsPort, StepTry } from '../../../../src/runtime/ports.ts';

/** A host's steps in memory, which outlive a run that is begun anew. */
export class MemorySteps implements StepsPort {
  readonly kept = new Map<string, JsonValue>();
  /** What each step said, in order. */
  readonly told: (readonly [start: string, StepTry])[] = [];
  readonly listened: string[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async tries(start: string, _options: object, makeTry: () => Promise<StepTry>): Promise<JsonValue> {
    for (;;) {
      const kept = this.kept.get(start);
      if (kept !== undefined) return kept;
      const tried = await makeTry();
      this.told.push([start, tried]);
      if (tried.type === 'end') this.kept.set(start, JSON.parse(JSON.stringify(tried.end)) as JsonValue);
      else if (tried.type === 'again') await this.#clock.sleep(tried.afterMs, new AbortController().signal);
      else throw new Error(tried.type === 'failed' ? tried.message : 'stopped');
    }
  }

  sleep(_start: string, ms: number, signal: AbortSignal): Promise<void> {
    return this.#clock.sleep(ms, signal);
  }

  listen({ start }: { readonly start: string }): void {
    this.listened.push(start);
  }
}
