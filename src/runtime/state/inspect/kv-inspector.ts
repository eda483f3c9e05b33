import { FailureError } from '../../failure.ts';
import type { Clock, KvLike } from '../../ports.ts';
import { createKvBackend } from '../kv-backend.ts';
import type { ScopeInspector } from './scope-inspector.ts';

const NO_HISTORY = 'kv keeps the plain object alone: it has no history and no versions';

/** Looks at a scope in a KV namespace. */
export function createKvInspector(namespace: KvLike, scope: string, clock: Clock): ScopeInspector {
  const backend = createKvBackend(namespace, clock);
  return {
    async exists() {
      try {
        // A value that is no object belongs to another program.
        await backend.load(scope);
      } catch (error) {
        if (error instanceof FailureError && !error.failure.retryable) return false;
        throw error;
      }
      return (await namespace.getWithMetadata(scope)).value !== null;
    },
    async read(point) {
      if (point !== undefined) return { type: 'refused', message: `${NO_HISTORY}. A snapshot can stand in for a point in the past` };
      const { values, writtenAt, validUntil = {}, tainted } = await backend.load(scope);
      const keys = Object.keys(values)
        .sort()
        .map((key) => ({
          key,
          value: values[key] ?? null,
          tainted: tainted.includes(key),
          ...(Object.hasOwn(writtenAt, key) ? { at: writtenAt[key] ?? 0 } : {}),
          ...(Object.hasOwn(validUntil, key) ? { valid_until: validUntil[key] ?? 0 } : {}),
        }));
      return { type: 'content', content: { keys }, at: clock.now() };
    },
    history: async () => ({ type: 'refused', message: NO_HISTORY }),
  };
}
