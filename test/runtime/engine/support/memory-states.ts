import type { ScopeReplyText, ScopeWriteText, StateObjectPort, StoredScopeText } from '../../../../src/runtime/state/state-object-port.ts';

interface Held {
  version: number;
  readonly keys: Map<string, StoredScopeText['keys'][number]>;
  readonly applied: Set<string>;
}

/** The objects of `backend: durable-object`, in memory: what they hold outlives the runs of a test. */
export class MemoryStates {
  readonly #scopes = new Map<string, Held>();
  /** The names of the commits that changed something, in order. */
  readonly commits: string[] = [];
  /** What all of it was after each change, and what `moment` said then. */
  readonly past: { readonly at: number; readonly states: MemoryStates }[] = [];
  moment: () => number = () => 0;

  /** As it was at that moment. */
  asOf(at: number): MemoryStates {
    const states = this.past.findLast((one) => one.at <= at)?.states.copy() ?? new MemoryStates();
    states.past.push({ at: 0, states: states.copy() });
    return states;
  }

  copy(): MemoryStates {
    const copy = new MemoryStates();
    for (const [scope, { version, keys, applied }] of this.#scopes) {
      copy.#scopes.set(scope, { version, keys: new Map(keys), applied: new Set(applied) });
    }
    return copy;
  }

  readonly open = (scope: string): StateObjectPort => {
    const held = this.#scopes.get(scope) ?? { version: 0, keys: new Map(), applied: new Set() };
    this.#scopes.set(scope, held);
    const read = (): StoredScopeText => ({ version: held.version, keys: [...held.keys.values()] });
    return {
      load: async () => read(),
      history: async () => [],
      commit: async (write) => this.#commit(held, write, read),
    };
  };

  /** What the scope holds, as JSON. */
  values(scope: string): Readonly<Record<string, unknown>> {
    const held = this.#scopes.get(scope);
    return Object.fromEntries([...(held?.keys ?? [])].map(([key, { text }]) => [key, JSON.parse(text) as unknown]));
  }

  version(scope: string): number {
    return this.#scopes.get(scope)?.version ?? 0;
  }

  #commit(held: Held, { id, base, writes }: ScopeWriteText, read: () => StoredScopeText): ScopeReplyText {
    if (held.applied.has(id)) return { type: 'repeated', present: read() };
    if (held.version !== base) return { type: 'changed', present: read() };
    held.version += 1;
    held.applied.add(id);
    this.commits.push(id);
    for (const { key, text, at, tainted } of writes) held.keys.set(key, { key, text, version: held.version, at, tainted });
    this.past.push({ at: this.moment(), states: this.copy() });
    return { type: 'written', version: held.version };
  }
}
