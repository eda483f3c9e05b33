import { describe, expect, vi } from 'vitest';
import { atLimit, figureOf } from '../../support/at-limit.ts';
import { workerModule } from '../support/worker-module.ts';

const openScope = vi.hoisted(() => vi.fn());
const openScopeIndex = vi.hoisted(() => vi.fn());
vi.mock('../../../src/worker/state/open-scope.ts', () => ({ openScope }));
vi.mock('../../../src/worker/state/open-scope-index.ts', () => ({ openScopeIndex }));
vi.mock('../../../src/worker/state/resolve-place.ts', () => ({ resolvePlace: (_bindings: object, address: object) => address }));

interface Snapshots {
  takeSnapshot(env: object, ask: object): Promise<{ readonly type: string }>;
  readSnapshot(env: object, address: object, name: string): Promise<{ readonly content: { readonly keys: readonly unknown[] } }>;
}
const { takeSnapshot, readSnapshot } = await workerModule<Snapshots>('state/snapshots.ts');
const { SnapshotTable } = await workerModule<{
  readonly SnapshotTable: new (storage: object) => { read(address: object, name: string, first: number): readonly string[] };
}>('state/snapshot-table.ts');

const ADDRESS = { backend: 'kv', scope: 's' };
const PIECE = figureOf('src/worker/text-pieces.ts MAX_PIECE');

/** Takes a snapshot of so many pieces and reads it, from an index that gives `atOnce` of them at a time. */
async function taken(pieces: number, atOnce: number): Promise<{ readonly written: readonly number[]; readonly whole: boolean }> {
  const rows: string[] = [];
  const written: number[] = [];
  openScopeIndex.mockReturnValue({
    beginSnapshot: async () => 1,
    addPieces: async (_id: number, first: number, texts: readonly string[]) => {
      written.push(texts.length);
      rows.splice(first, 0, ...texts);
    },
    finishSnapshot: async () => undefined,
    pieces: async (_place: object, _name: string, first: number) => rows.slice(first, first + atOnce),
  });
  const rest = JSON.stringify({ at: 1, content: { keys: [{ key: 'a', value: '' }] } }).length;
  const content = { keys: [{ key: 'a', value: 'x'.repeat(pieces * PIECE - rest) }] };
  openScope.mockReturnValue({ inspector: { read: async () => ({ type: 'content', content, at: 1 }) } });
  await takeSnapshot({}, { address: ADDRESS, name: 'n', replace: false });
  const read = await readSnapshot({}, ADDRESS, 'n');
  return { written, whole: JSON.stringify(read.content) === JSON.stringify(content) };
}

describe('a snapshot', () => {
  atLimit('src/worker/state/snapshots.ts WRITE_AT_ONCE', {
    within: async (pieces) => expect(await taken(pieces, 3)).toEqual({ written: [pieces], whole: true }),
    beyond: async (pieces) => expect(await taken(pieces, 3)).toEqual({ written: [pieces - 1, 1], whole: true }),
  });

  /** How many of so many pieces come at a time, in a database of which only this table's questions are known. */
  const read = (pieces: number) => {
    const exec = (query: string, _id?: number, first = 0) => {
      const limit = Number(/LIMIT (\d+)/.exec(query)?.[1]);
      const texts = Array.from({ length: pieces }, (_, piece) => ({ text: String(piece) })).slice(first, first + limit);
      return { toArray: () => (query.includes('FROM pieces') ? texts : [{ id: 1 }]) };
    };
    const table = new SnapshotTable({ sql: { exec } });
    const counts: number[] = [];
    for (let first = 0; ; ) {
      const { length } = table.read(ADDRESS, 'n', first);
      if (length === 0) return counts;
      counts.push(length);
      first += length;
    }
  };
  atLimit('src/worker/state/snapshot-table.ts READ_AT_ONCE', {
    within: (pieces) => expect(read(pieces)).toEqual([pieces]),
    beyond: (pieces) => expect(read(pieces)).toEqual([pieces - 1, 1]),
  });
});
