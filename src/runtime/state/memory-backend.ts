import { createVersionedBackend } from './versioned-backend.ts';
import type { ScopeReply, ScopeWrite, StoredKey, VersionedStore } from './versioned-store.ts';

/**
 * State that lives as long as the backend object itself: the engine makes one for each run of an ensemble, so nothing outlasts it, while an agent file
 * that it calls twice finds what its first call left, as it would in any other backend.
 */
export function createMemoryBackend() {
  return createVersionedBackend(new MemoryStore());
}

interface MemoryScope {
  version: number;
  readonly keys: Map<string, StoredKey>;
  readonly applied: Set<string>;
}

class MemoryStore implements VersionedStore {
  readonly name = 'memory';
  readonly #scopes = new Map<string, MemoryScope>();

  read(scope: string) {
    const found = this.#scopes.get(scope);
    return Promise.resolve({ version: found?.version ?? 0, keys: [...(found?.keys.values() ?? [])] });
  }

  async write(scope: string, { id, base, writes }: ScopeWrite): Promise<ScopeReply> {
    const found = this.#scopes.get(scope) ?? { version: 0, keys: new Map(), applied: new Set() };
    if (found.applied.has(id)) return { type: 'repeated', present: await this.read(scope) };
    if (found.version !== base) return { type: 'changed', present: await this.read(scope) };
    this.#scopes.set(scope, found);
    found.version++;
    found.applied.add(id);
    for (const { key, value, at, tainted, deleted } of writes) {
      if (deleted) found.keys.delete(key);
      else found.keys.set(key, { key, value, version: found.version, at, tainted });
    }
    return { type: 'written', version: found.version };
  }
}
