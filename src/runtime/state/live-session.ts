import type { JsonObject, JsonValue } from '../../program/json.ts';
import type { StatePlan } from '../../program/program.ts';
import { failure } from '../failure.ts';
import { getOwn } from '../own-property.ts';
import type { Loaded, StateChange } from './backend.ts';
import { buildEntries, type Entry, entryFromLoaded, firstEntry, readInitial } from './entries.ts';
import { joinInOrder, toStateSet } from './join-in-order.ts';
import { joinWrite } from './join-write.ts';
import { type KeyRule, type KeyRules, prepareKeyRules } from './key-rules.ts';
import { PendingChanges } from './pending-changes.ts';
import { SecretLog } from './secret-log.ts';
import type {
  CommitMoment,
  Recall,
  RecordedCommit,
  RecordedSet,
  SideBySideWrites,
  StateCommit,
  StateOptions,
  StateSecret,
  StateSession,
  StateSet,
  StateWrite,
} from './state-session.ts';
import { type OpenStep, WriteOrder } from './write-order.ts';

const NOTHING: JsonObject = Object.freeze(Object.create(null));

/** A view stays right until something is set or the first of its keys expires. */
interface CachedView {
  readonly revision: number;
  readonly validUntil: number;
  readonly values: JsonObject;
}

/** What a commit writes, as it stood when it was asked for. */
interface CommitPlan {
  readonly moment: CommitMoment;
  readonly changes: PendingChanges;
  readonly revision: number;
}

/** The one implementation of `StateSession`: keys in a map, what is not yet in the backend in another. */
export class LiveSession implements StateSession {
  readonly scope: string;
  readonly loaded: Loaded;
  readonly #plan: StatePlan;
  readonly #options: StateOptions;
  readonly #rules: KeyRules;
  readonly #initial: ReadonlyMap<string, JsonValue>;
  readonly #entries: Map<string, Entry>;
  /** How many of the keys were there when the run began. */
  readonly #firstKeys: number;
  #keys: readonly string[] | undefined;
  readonly #secrets = new SecretLog();
  readonly #views = new WeakMap<readonly string[], CachedView>();
  #all: CachedView | undefined;
  /** What the backend held when it was last read or written. */
  #base: Loaded;
  #pending = new PendingChanges();
  /** What the commits have to write that are under way or wait for their turn. */
  readonly #committing: PendingChanges[] = [];
  readonly #order = new WriteOrder();
  #revision = 0;
  /** Commits of one session go one after another, each on the base that the last one left. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(plan: StatePlan, options: StateOptions, loaded: Loaded) {
    this.scope = options.scope;
    this.loaded = loaded;
    this.#base = loaded;
    this.#plan = plan;
    this.#options = options;
    this.#rules = prepareKeyRules(plan);
    this.#initial = readInitial(this.#rules, options.initial);
    const source = { rules: this.#rules, loaded, now: options.clock.now(), initial: this.#initial, where: this.#where() };
    this.#entries = buildEntries(source, options.initialTainted === true);
    this.#firstKeys = this.#entries.size;
    for (const [key, entry] of this.#entries) this.#noteSecret(key, entry.value);
  }

  view(use: readonly string[], useAll: boolean): JsonObject {
    if (useAll) return this.snapshot();
    if (use.length === 0) return NOTHING;
    const cached = this.#views.get(use);
    if (cached !== undefined && this.#isFresh(cached)) return cached.values;
    const view = this.#buildView(use);
    this.#views.set(use, view);
    return view.values;
  }

  snapshot(): JsonObject {
    if (this.#all === undefined || !this.#isFresh(this.#all)) this.#all = this.#buildView(this.#listKeys());
    return this.#all.values;
  }

  isTainted(use: readonly string[], useAll: boolean): boolean {
    const now = this.#now();
    const keys = useAll ? this.#entries.keys() : use;
    for (const key of keys) {
      const entry = this.#entries.get(key);
      if (entry?.tainted === true && now < entry.expiresAt) return true;
    }
    return false;
  }

  get taintedKeys(): readonly string[] {
    return this.#listKeys().filter((key) => this.isTainted([key], false));
  }

  apply(
    agent: string,
    writes: readonly StateWrite[],
    tainted: boolean,
    at: number,
    order: readonly number[] = [],
    attempt?: number,
  ): StateSet {
    const values: { [key: string]: JsonValue } = Object.create(null);
    const written: { [key: string]: JsonValue } = Object.create(null);
    const changes: StateChange[] = [];
    const untouched: string[] = [];
    const subject = `Agent "${agent}"`;
    const writer = { agent, at, ...(attempt === undefined ? {} : { attempt }) };
    for (const { key, value } of writes) {
      const rule = this.#rules.find(key, subject);
      if (value === undefined) {
        untouched.push(key);
        continue;
      }
      const present = this.#entries.get(key);
      const live = present !== undefined && at < present.expiresAt ? present : undefined;
      const next = joinWrite(key, rule, live?.value, value, subject);
      values[key] = next;
      written[key] = value;
      const tainted_ = tainted || (!rule.replaces && live?.tainted === true);
      changes.push(this.#changeOf({ key, value: next, writes: [value], tainted: tainted_, ...writer }, rule));
    }
    // Nothing was touched so far: a failure above left the state as it was.
    for (const change of changes) this.#installAt(order, change);
    return { values, writes: written, tainted: changes.filter((change) => change.tainted).map(({ key }) => key), untouched };
  }

  sideBySide(step: string, order: readonly number[]): SideBySideWrites {
    const { persist, backend } = this.#plan;
    if (persist === 'each' && backend !== 'memory') return { end: () => undefined };
    const open = this.#order.open(order);
    return { end: () => this.#endSideBySide(step, open) };
  }

  due(moment: CommitMoment): boolean {
    if (this.#pending.size === 0) return false;
    const { persist } = this.#plan;
    if (moment === 'agent') return persist === 'each';
    return moment === 'succeeded' || persist === 'always';
  }

  commit(moment: CommitMoment, recall?: Recall): Promise<StateCommit | undefined> {
    if (!this.due(moment)) return Promise.resolve(undefined);
    const changes = this.#pending;
    this.#pending = new PendingChanges();
    this.#committing.push(changes);
    const plan: CommitPlan = { moment, changes, revision: this.#revision };
    const turn = this.#turn.then(() => this.#commitNow(plan, recall));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  secretValues(): readonly StateSecret[] {
    return this.#secrets.all;
  }

  replaySet(agent: string, { values, writes, tainted }: RecordedSet, at: number, order: readonly number[] = [], attempt?: number): void {
    const writer = { agent, at, ...(attempt === undefined ? {} : { attempt }) };
    for (const [key, value] of Object.entries(values)) {
      const rule = this.#rules.find(key, `The journal of agent "${agent}"`);
      const written = Object.hasOwn(writes, key) ? [writes[key] ?? null] : [];
      this.#installAt(order, this.#changeOf({ key, value, writes: written, tainted: tainted.includes(key), ...writer }, rule));
    }
  }

  replace(values: JsonObject, at: number): void {
    const changes = Object.entries(values).map(([key, value]) => {
      const rule = this.#rules.find(key, 'Who changes the state');
      const problem = rule.check(value);
      if (problem !== undefined) throw failure('STATE_TYPE', `The value for the state key "${key}"${problem}`);
      return { ...this.#changeOf({ key, value, writes: [value], tainted: false, agent: '', at }, rule), replaces: true };
    });
    for (const change of changes) this.#install(change);
  }

  /** In the order of the schema; without one those that came during the run by name: not in the order in which agents that ran side by side were done. */
  #listKeys(): readonly string[] {
    if (this.#keys !== undefined) return this.#keys;
    const present = [...this.#entries.keys()];
    this.#keys = this.#rules.open
      ? [...present.slice(0, this.#firstKeys), ...present.slice(this.#firstKeys).sort()]
      : [...this.#rules.declared.keys()].filter((key) => this.#entries.has(key));
    return this.#keys;
  }

  #now(): number {
    return this.#rules.aging ? this.#options.clock.now() : 0;
  }

  #isFresh(cached: CachedView): boolean {
    return cached.revision === this.#revision && (cached.validUntil === Infinity || this.#now() < cached.validUntil);
  }

  #buildView(keys: Iterable<string>): CachedView {
    const now = this.#now();
    const values: { [key: string]: JsonValue } = Object.create(null);
    let validUntil = Infinity;
    for (const key of keys) {
      const entry = this.#entries.get(key);
      if (entry === undefined || now >= entry.expiresAt) continue;
      values[key] = entry.value;
      if (entry.expiresAt < validUntil) validUntil = entry.expiresAt;
    }
    return { revision: this.#revision, validUntil, values: Object.freeze(values) };
  }

  #changeOf(change: Omit<StateChange, 'replaces' | 'validUntil'>, { replaces, validForMs }: KeyRule): StateChange {
    return { ...change, replaces, ...(validForMs === Infinity ? {} : { validUntil: change.at + validForMs }) };
  }

  #install(change: StateChange): Entry {
    const entry = this.#put(change);
    this.#pending.add(change);
    return entry;
  }

  /** The same for a write whose order counts, with the key noted for the steps that run several things side by side now. */
  #installAt(order: readonly number[], change: StateChange): void {
    const { key, agent, at, tainted, replaces = false, writes } = change;
    const present = this.#entries.get(key);
    const after = this.#install(change);
    const before = present !== undefined && at < present.expiresAt ? present : undefined;
    this.#order.note({ key, value: writes[0] ?? null, tainted, agent, at, replaces, before, present, after }, order);
  }

  #put({ key, value, tainted, validUntil }: StateChange): Entry {
    const entry: Entry = { value, tainted, expiresAt: validUntil ?? Infinity };
    if (!this.#entries.has(key)) this.#keys = undefined;
    this.#entries.set(key, entry);
    this.#noteSecret(key, value);
    this.#revision++;
    return entry;
  }

  #endSideBySide(step: string, open: OpenStep): StateSet | undefined {
    this.#order.close(open);
    const reordered: StateChange[] = [];
    let problem: unknown;
    for (const [key, writes] of open.keys) {
      const isKnown = !writes.disturbed && this.#entries.get(key) === writes.last;
      let isRight = isKnown && writes.inOrder;
      if (isKnown && !writes.inOrder) {
        try {
          reordered.push(joinInOrder(step, key, this.#rules, writes));
          isRight = true;
        } catch (error) {
          problem ??= error;
        }
      }
      this.#order.handOver(open, key, isRight, this.#rules.find(key, step).replaces);
    }
    for (const change of reordered) {
      this.#order.renew(open, change.key, this.#put(change));
      // In memory the writes may be in the backend already: the value takes the place of what they made there.
      if (this.#plan.persist === 'each') this.#pending.add({ ...change, writes: [change.value], replaces: true });
      else this.#pending.reorder(change);
    }
    if (problem !== undefined) throw problem;
    return reordered.length === 0 ? undefined : toStateSet(reordered);
  }

  #noteSecret(key: string, value: JsonValue): void {
    if (this.#rules.declared.get(key)?.secret === true) this.#secrets.note(key, value);
  }

  async #commitNow(plan: CommitPlan, recall: Recall | undefined): Promise<StateCommit> {
    try {
      const recorded = await recall?.(plan.changes.all().map(({ key }) => key));
      return recorded === undefined ? await this.#write(plan) : this.#writeAgain(plan, recorded);
    } catch (error) {
      // It is the first: commits end in the order in which they began.
      this.#committing.shift();
      (this.#committing[0] ?? this.#pending).putBefore(plan.changes);
      throw error;
    }
  }

  /** As the journal says that it was. */
  #writeAgain({ changes }: CommitPlan, recorded: RecordedCommit): StateCommit {
    if (recorded.type === 'failed') throw recorded.error;
    const { version, loaded, merged } = recorded;
    const keys = changes.all().map(({ key }) => key);
    this.#committing.shift();
    if (loaded === undefined) {
      const values = Object.assign(Object.create(null), this.#base.values);
      for (const { key, value } of changes.all()) values[key] = value;
      this.#base = { ...this.#base, values, ...(version === undefined ? {} : { version }) };
    } else this.#adopt(loaded);
    return { keys, merged, loaded: this.#base, ...(version === undefined ? {} : { version }) };
  }

  async #write({ moment, changes: pending, revision }: CommitPlan): Promise<StateCommit> {
    const changes = pending.all();
    const { commitId } = this.#options;
    const committed = await this.#options.backend.commit(this.scope, {
      run: this.#options.run,
      base: this.#base,
      changes,
      onConflict: this.#plan.onConflict,
      // The version and the revision tell it from what another attempt at the same agent, which reads anew, or a later set would commit.
      ...(commitId === undefined ? {} : { id: `${commitId}@${this.#base.version ?? 0}.${revision}` }),
      reduce: (key, current, write, currentAt) => this.#reduceAgain(key, current, write, currentAt),
    });
    if (committed.type === 'conflict') throw this.#conflict(committed.keys);
    const { loaded, merged } = committed;
    this.#committing.shift();
    // At the end nobody reads the state any more; in the middle the run goes on with what others wrote.
    if (merged && moment === 'agent') this.#adopt(loaded);
    else this.#base = loaded;
    return { keys: changes.map(({ key }) => key), merged, loaded, ...(loaded.version === undefined ? {} : { version: loaded.version }) };
  }

  #reduceAgain(key: string, current: JsonValue | undefined, write: JsonValue, currentAt: number | undefined): JsonValue {
    const subject = `The state scope "${this.scope}" was changed by another run; joining this run's changes`;
    const rule = this.#rules.find(key, subject);
    const expired = currentAt !== undefined && currentAt + rule.validForMs <= this.#now();
    const present = expired ? undefined : (current ?? this.#initial.get(key) ?? rule.default);
    return joinWrite(key, rule, present, write, subject);
  }

  #adopt(loaded: Loaded): void {
    const gone = Object.keys(this.#base.values).filter((key) => !Object.hasOwn(loaded.values, key));
    this.#base = loaded;
    const source = { rules: this.#rules, loaded, now: this.#options.clock.now(), initial: this.#initial, where: this.#where() };
    for (const key of gone) {
      // Someone deleted it: it is what it would be in a run that begins now.
      const entry = firstEntry(source, key, this.#options.initialTainted === true);
      if (entry === undefined) this.#entries.delete(key);
      else this.#entries.set(key, entry);
      this.#keys = undefined;
      this.#reapplyPending(key, loaded.writtenAt);
    }
    for (const key of Object.keys(loaded.values)) {
      if (!this.#rules.open && !this.#rules.declared.has(key)) continue;
      const entry = entryFromLoaded(source, key);
      if (entry === undefined) this.#entries.delete(key);
      else this.#entries.set(key, entry);
      this.#keys = undefined;
      this.#noteSecret(key, entry?.value ?? null);
      this.#reapplyPending(key, loaded.writtenAt);
    }
    this.#revision++;
  }

  /** What this run set, and what the scope that was read does not hold yet, comes over what it holds. */
  #reapplyPending(key: string, writtenAt: Loaded['writtenAt']): void {
    let at = getOwn(writtenAt, key);
    for (const pending of [...this.#committing, this.#pending]) {
      const change = pending.get(key);
      if (change === undefined) continue;
      const present = this.#entries.get(key);
      let value = present?.value;
      for (const write of change.writes) {
        value = this.#reduceAgain(key, value, write, typeof at === 'number' ? at : undefined);
        at = undefined;
      }
      if (value === undefined) continue;
      const tainted = change.tainted || (change.replaces !== true && present?.tainted === true);
      pending.revalue(key, value, tainted);
      this.#entries.set(key, { value, tainted, expiresAt: change.validUntil ?? Infinity });
    }
  }

  #where(): string {
    return `State scope "${this.scope}" (${this.#plan.backend})`;
  }

  #conflict(keys: readonly string[]): Error {
    const changed = keys.length === 0 ? '' : `: ${keys.slice(0, 10).join(', ')}${keys.length > 10 ? ', …' : ''}`;
    return failure(
      'STATE_CONFLICT',
      `Another run changed the state scope "${this.scope}" while this one ran${changed}. Nothing of this run was written. Run it again, or let state.on_conflict be merge`,
    );
  }
}
