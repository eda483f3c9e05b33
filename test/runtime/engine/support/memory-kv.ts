import type { KvLike } from '../../../../src/runtime/ports.ts';

/** A KV namespace in memory that remembers what it was asked, in order. */
export class MemoryKv implements KvLike {
  readonly values = new Map<string, string>();
  readonly asked: string[] = [];
  readonly ttls: (number | undefined)[] = [];
  /** Awaited by each call, when a test puts one in. */
  gate: Promise<void> | undefined;

  async get(key: string): Promise<string | null> {
    this.asked.push(`get ${key}`);
    await this.gate;
    return this.values.get(key) ?? null;
  }

  async getWithMetadata(key: string): Promise<{ value: string | null; metadata: unknown }> {
    return { value: await this.get(key), metadata: null };
  }

  async put(key: string, value: string, options: { expirationTtl?: number } = {}): Promise<void> {
    this.asked.push(`put ${key}`);
    this.ttls.push(options.expirationTtl);
    await this.gate;
    this.values.set(key, value);
  }

  async delete(key: string): Promise<void> {
    this.values.delete(key);
  }

  async list(): Promise<{ keys: { name: string }[]; list_complete: boolean }> {
    return { keys: [...this.values.keys()].map((name) => ({ name })), list_complete: true };
  }
}
