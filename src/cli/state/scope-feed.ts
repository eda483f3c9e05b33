import type { Host } from '../../node/host.ts';
import type { JsonValue } from '../../program/json.ts';
import type { RevealWish, ScopeAddress, ScopeChange, ScopeKey, ScopeSchema } from '../../program/state-calls.ts';
import { diffScope } from '../../runtime/state/inspect/diff-scope.ts';
import { expiryOf, liveKeys } from '../../runtime/state/inspect/live-keys.ts';
import type { Io } from '../io.ts';
import { askState } from './ask-state.ts';

/** One change of a key as it is told: `at` is when it was written, or when it expired. */
export interface ScopeNews {
  readonly at: number;
  readonly type: 'created' | 'updated' | 'deleted' | 'expired';
  readonly key: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
  readonly version?: number;
  readonly run?: string;
  readonly agent?: string;
  readonly attempt?: number;
}

interface FeedSource {
  readonly host: Host;
  readonly address: ScopeAddress;
  readonly schema: ScopeSchema | undefined;
  readonly wish: RevealWish;
}

export interface ScopeFeed {
  /** What happened since it was asked last. */
  next(): Promise<readonly ScopeNews[]>;
}

/** What happens in a scope from now on. With a history every change of it comes, also several of one key between two looks; kv shows what is different each time. */
export async function openScopeFeed(source: FeedSource, io: Io): Promise<ScopeFeed> {
  const first = await readContent(source);
  const { version } = first.content;
  return version === undefined
    ? watchContents(source, first)
    : new HistoryFeed(source, io, { version, live: liveKeys(first.content, io.now(), source.schema) });
}

type Content = Awaited<ReturnType<typeof readContent>>;

function readContent({ host, address, wish }: FeedSource) {
  return askState(host, { action: 'read', address, ...wish }, 'content');
}

function watchContents(source: FeedSource, first: Content): ScopeFeed {
  let before = first;
  return {
    async next() {
      const after = await readContent(source);
      const differences = diffScope(before, after, source.schema);
      before = after;
      return differences.map(({ type, key, before: old, after: now }) => ({
        at: now?.at ?? after.at,
        type,
        key,
        ...(old === undefined ? {} : { before: old.value }),
        ...(now === undefined ? {} : { after: now.value }),
      }));
    },
  };
}

class HistoryFeed implements ScopeFeed {
  readonly #source: FeedSource;
  readonly #io: Io;
  readonly #live: Map<string, ScopeKey>;
  readonly #since: number;
  #after: number | undefined;

  constructor(source: FeedSource, io: Io, { version, live }: { readonly version: number; readonly live: ReadonlyMap<string, ScopeKey> }) {
    this.#source = source;
    this.#io = io;
    this.#since = version;
    this.#live = new Map(live);
  }

  async next(): Promise<readonly ScopeNews[]> {
    const news: ScopeNews[] = [];
    for (;;) {
      const after = this.#after === undefined ? {} : { after: this.#after };
      const { host, address, wish } = this.#source;
      const page = await askState(host, { action: 'history', address, since: this.#since, ...after, ...wish }, 'history');
      for (const change of page.changes) news.push(...this.#take(change));
      if (page.next === undefined) break;
      this.#after = page.next;
    }
    return [...news, ...this.#expire(this.#io.now())];
  }

  #take(change: ScopeChange): readonly ScopeNews[] {
    const { key, value, version, run, agent, attempt } = change;
    const at = change.committed_at ?? change.at;
    const expired = this.#expire(at);
    const before = this.#live.get(key);
    const common = { at, key, version, run, agent, ...(attempt === undefined ? {} : { attempt }) };
    const old = before === undefined ? {} : { before: before.value };
    if (value === undefined) {
      this.#live.delete(key);
      return before === undefined ? expired : [...expired, { ...common, type: 'deleted', ...old }];
    }
    this.#live.set(key, { ...change, value });
    return [...expired, { ...common, type: before === undefined ? 'created' : 'updated', ...old, after: value }];
  }

  /** What has expired by then goes, and is told in that order. */
  #expire(now: number): readonly ScopeNews[] {
    const ended = [...this.#live.values()].flatMap((entry) => {
      const at = expiryOf(entry, this.#source.schema);
      return at === undefined || now < at ? [] : [{ at, entry }];
    });
    for (const { entry } of ended) this.#live.delete(entry.key);
    return ended.sort((a, b) => a.at - b.at).map(({ at, entry }) => ({ at, type: 'expired', key: entry.key, before: entry.value }));
  }
}
