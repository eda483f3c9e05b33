import type { JsonValue } from '../../../program/json.ts';
import type { CachePlan } from '../../../program/program.ts';
import type { KvLike } from '../../ports.ts';
import { unlessAborted } from '../../unless-aborted.ts';
import type { AgentFrame } from '../agent-frame.ts';
import { type CacheEntry, isFresh, parseEntry } from './cache-entry.ts';

/** KV keeps no key for less than a minute; a shorter life is looked at when an entry is read. */
const MIN_TTL_SECONDS = 60;

export interface CacheEntryPlace {
  readonly plan: CachePlan;
  readonly kv: KvLike;
  readonly buildKey: () => Promise<string>;
}

/** Where an agent's output is kept (LANGUAGE §2 `cache`). It is never worth a failure: what goes wrong is one warning a run, and the agent works as without a cache. */
export class CacheStore {
  readonly #frame: AgentFrame;
  readonly #plan: CachePlan;
  readonly #kv: KvLike;
  readonly #buildKey: () => Promise<string>;
  #key: Promise<string> | undefined;

  /** `buildKey` is called once, when the key is needed: an agent that waits for another one needs none. */
  constructor(frame: AgentFrame, { plan, kv, buildKey }: CacheEntryPlace) {
    this.#frame = frame;
    this.#plan = plan;
    this.#kv = kv;
    this.#buildKey = buildKey;
  }

  /** The entry that may still be used; undefined when there is none. Rejects with the reason of the agent's signal when that fires meanwhile. */
  async read(): Promise<CacheEntry | undefined> {
    const { run, signal } = this.#frame.context;
    const key = await this.#findKey();
    await run.log.flush();
    signal.throwIfAborted();
    let text: string | null;
    try {
      text = await unlessAborted(this.#kv.get(key), signal);
    } catch (error) {
      signal.throwIfAborted();
      this.#warn('could not be read', error);
      return undefined;
    }
    const entry = text === null ? undefined : parseEntry(text);
    return entry !== undefined && isFresh(entry, this.#plan.ttlMs, run.ports.clock.now()) ? entry : undefined;
  }

  /** Keeps the entry for later runs. The agent is done: a signal that fires ends only the waiting. */
  async write(entry: CacheEntry): Promise<void> {
    const { run, signal } = this.#frame.context;
    const { ttlMs } = this.#plan;
    // Whoever may read the storage could read it, and a later run would not know it for a secret once it was changed.
    if (run.redactor.data(entry as unknown as JsonValue) !== (entry as unknown)) {
      warnOfCache(this.#frame, 'is not written: what the agent gave holds a secret.');
      return;
    }
    const key = await this.#findKey();
    await run.log.flush();
    if (signal.aborted) return;
    const options = ttlMs === undefined ? {} : { expirationTtl: Math.max(MIN_TTL_SECONDS, Math.ceil(ttlMs / 1000)) };
    try {
      await unlessAborted(this.#kv.put(key, JSON.stringify(entry), options), signal);
    } catch (error) {
      if (!signal.aborted) this.#warn('could not be written', error);
    }
  }

  #findKey(): Promise<string> {
    this.#key ??= this.#buildKey();
    return this.#key;
  }

  #warn(what: string, error: unknown): void {
    warnOfCache(this.#frame, `${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Says once a run that an agent works without its cache. */
export function warnOfCache({ step, path, context: { run } }: AgentFrame, why: string): void {
  if (!run.cacheFlights.warnsFirst(`${step.path} ${why}`)) return;
  run.log.add({ type: 'warning', code: 'cache-unavailable', message: `The cache of "${step.name}" ${why}`, agent: path });
}
