import type { JsonValue } from '../../program/json.ts';
import type { StateChange } from './backend.ts';

type Pending = Omit<StateChange, 'writes'> & { readonly writes: JsonValue[] };

/**
 * What agents have set and the backend does not hold yet, by key. Of a key that replaces only the last write is kept; the others' writes
 * grow in place, so that the ten-thousandth append costs what the first one did.
 */
export class PendingChanges {
  #changes = new Map<string, Pending>();

  get size(): number {
    return this.#changes.size;
  }

  get(key: string): StateChange | undefined {
    return this.#changes.get(key);
  }

  all(): readonly StateChange[] {
    return [...this.#changes.values()];
  }

  add(change: StateChange): void {
    const earlier = change.replaces === true ? undefined : this.#changes.get(change.key);
    const writes = earlier?.writes ?? [];
    writes.push(...change.writes);
    // What was joined to a value that replaces does not go by what others have there either.
    this.#changes.set(change.key, { ...change, writes, ...(earlier?.replaces === true ? { replaces: true } : {}) });
  }

  /** Puts another value in the place of a change's, without a new write. */
  revalue(key: string, value: JsonValue, tainted: boolean): void {
    const change = this.#changes.get(key);
    if (change !== undefined) this.#changes.set(key, { ...change, value, tainted });
  }

  /** Puts the last writes of a key, as many as the change has, into the order that it has them in. */
  reorder(change: StateChange): void {
    const writes = change.replaces === true ? [] : (this.#changes.get(change.key)?.writes ?? []);
    const start = Math.max(0, writes.length - change.writes.length);
    for (const [index, write] of change.writes.entries()) writes[start + index] = write;
    this.#changes.set(change.key, { ...change, writes });
  }

  /** Hands everything over and is empty then. */
  take(): readonly StateChange[] {
    const taken = this.all();
    this.#changes = new Map();
    return taken;
  }

  /** Takes over what could not be written: what is here was set after it. */
  putBefore(earlier: PendingChanges): void {
    const newer = this.take();
    for (const change of [...earlier.take(), ...newer]) this.add(change);
  }
}
