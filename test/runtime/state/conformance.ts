import assert from 'node:assert/strict';
import type { StateBackend } from '../../../src/runtime/state/backend.ts';
import {
  assertRefused,
  assertValues,
  commit,
  commitAll,
  JSON_VALUES,
  ODD_KEYS,
  SIMILAR_SCOPES,
  sorted,
  type Write,
} from './conformance-kit.ts';

/**
 * What every state backend must do, as cases that run inside workerd (`conformance.test.ts` runs them, `worker/fixtures/state-worker.js`
 * provides the backends). A backend that cannot do one is listed with the reason in `EXCEPTIONS`.
 */
export interface ConformanceCase {
  readonly fact: string;
  run(place: Place): Promise<void>;
}

export interface Place {
  /** A scope of this case alone. */
  readonly scope: string;
  /** The backend as a run has it; each call is another run's. */
  open(): StateBackend;
}

export type BackendName = 'memory' | 'kv' | 'd1' | 'durable-object';

const NO_COMPARE_AND_SWAP = 'kv has no compare and swap (LANGUAGE §4.6)';
const NO_HISTORY = 'only d1 and durable-object keep a history (LANGUAGE §4.6)';

/** Facts that a backend does not hold to, and why. */
export const EXCEPTIONS: Readonly<Record<BackendName, Readonly<Record<string, string>>>> = {
  memory: {
    'history tells every write, oldest first': NO_HISTORY,
    'history tells attempts and deletions': NO_HISTORY,
    'history since a time leaves out what is older': NO_HISTORY,
    'a value that is too large is refused and nothing is written': 'memory has no limit of its own; the engine bounds outputs',
  },
  kv: {
    'each commit grows the version by one': NO_COMPARE_AND_SWAP,
    'twenty concurrent committers lose nothing': NO_COMPARE_AND_SWAP,
    'a commit that is sent twice is applied once': NO_COMPARE_AND_SWAP,
    'history tells every write, oldest first': NO_HISTORY,
    'history tells attempts and deletions': NO_HISTORY,
    'history since a time leaves out what is older': NO_HISTORY,
    'the time of every write is kept': 'kv keeps times of keys with valid_for alone: the value is the plain object',
  },
  d1: {},
  'durable-object': {},
};

export const CONFORMANCE: readonly ConformanceCase[] = [
  {
    fact: 'an absent scope holds nothing',
    async run({ scope, open }) {
      const loaded = await open().load(scope);
      assertValues(loaded, {});
      assert.equal(loaded.version ?? 0, 0);
      assert.deepEqual(loaded.tainted, []);
    },
  },
  {
    fact: 'every JSON value comes back as it was written',
    async run({ scope, open }) {
      const backend = open();
      const values = Object.fromEntries(JSON_VALUES.map((value, index) => [`key${index}`, value]));
      const writes = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value }]));
      const committed = await commit(backend, scope, await backend.load(scope), writes);
      assert.equal(committed.type, 'committed');
      assertValues(await open().load(scope), values);
    },
  },
  {
    fact: 'odd keys are plain data',
    async run({ scope, open }) {
      const backend = open();
      await commitAll(
        backend,
        scope,
        await backend.load(scope),
        ODD_KEYS.map((key, index) => [key, { value: index }]),
      );
      const { values } = await open().load(scope);
      assert.deepEqual(sorted(values), sorted(Object.fromEntries([...ODD_KEYS.map((key, index) => [key, index])])));
      assert.equal(Object.keys(values).length, ODD_KEYS.length);
      assert.equal(({} as Record<string, unknown>).polluted, undefined);
    },
  },
  {
    fact: 'ten thousand keys are written and read at once',
    async run({ scope, open }) {
      const backend = open();
      const keys = Array.from({ length: 10_000 }, (_, index) => `key ${index}`);
      await commitAll(
        backend,
        scope,
        await backend.load(scope),
        keys.map((key, index) => [key, { value: { index, text: 'x'.repeat(40) } }]),
      );
      const { values } = await open().load(scope);
      assert.equal(Object.keys(values).length, 10_000);
      assert.deepEqual({ ...(values['key 9999'] as object) }, { index: 9999, text: 'x'.repeat(40) });
    },
  },
  {
    fact: 'a large value comes back whole',
    async run({ scope, open }) {
      const backend = open();
      const text = '"quoted" \\ é '.repeat(100_000);
      await commit(backend, scope, await backend.load(scope), { small: { value: 1 }, large: { value: text }, after: { value: 2 } });
      assertValues(await open().load(scope), { small: 1, large: text, after: 2 });
    },
  },
  {
    fact: 'a value that is too large is refused and nothing is written',
    async run({ scope, open }) {
      const backend = open();
      await commit(backend, scope, await backend.load(scope), { kept: { value: 1 } });
      const text = 'é'.repeat(13_500_000);
      const writes = { kept: { value: 2 }, large: { value: text } };
      await assertRefused(commit(backend, scope, await backend.load(scope), writes), 'STATE_BACKEND');
      assertValues(await open().load(scope), { kept: 1 });
    },
  },
  {
    fact: 'a commit leaves the keys that it does not name',
    async run({ scope, open }) {
      const backend = open();
      await commit(backend, scope, await backend.load(scope), { a: { value: 1 }, b: { value: 2 } });
      const committed = await commit(backend, scope, await backend.load(scope), { b: { value: 3 }, c: { value: 4 } });
      assertValues(await open().load(scope), { a: 1, b: 3, c: 4 });
      assert.ok(committed.type === 'committed' && !committed.merged);
      assertValues(committed.loaded, { a: 1, b: 3, c: 4 });
    },
  },
  {
    fact: 'a deleted key is gone, and can be written again',
    async run({ scope, open }) {
      const backend = open();
      await commit(backend, scope, await backend.load(scope), { a: { value: 1, tainted: true }, b: { value: 2 } });
      const gone = await commit(backend, scope, await backend.load(scope), { a: { value: null, deleted: true }, b: { value: 3 } });
      assert.ok(gone.type === 'committed');
      assertValues(gone.loaded, { b: 3 });
      assert.deepEqual(gone.loaded.tainted, []);
      assertValues(await open().load(scope), { b: 3 });
      await commit(backend, scope, await backend.load(scope), { a: { value: 4 } });
      const { values, tainted } = await open().load(scope);
      assert.deepEqual({ ...values }, { a: 4, b: 3 });
      assert.deepEqual(tainted, []);
    },
  },
  {
    fact: 'what is written to a key that others deleted meanwhile joins nothing',
    async run({ scope, open }) {
      const backend = open();
      await commit(backend, scope, await backend.load(scope), { sum: { value: 100 }, list: { value: ['old'], tainted: true } });
      const base = await backend.load(scope);
      await commit(backend, scope, base, { sum: { value: null, deleted: true }, list: { value: null, deleted: true } });
      await commit(backend, scope, base, {
        sum: { value: 1, reducer: 'add' },
        list: { value: 'new', reducer: 'append' },
      });
      const { values, tainted } = await open().load(scope);
      assert.deepEqual(JSON.parse(JSON.stringify(values)), { sum: 1, list: ['new'] });
      assert.deepEqual(tainted, []);
    },
  },
  {
    fact: 'each commit grows the version by one',
    async run({ scope, open }) {
      const backend = open();
      const versions: unknown[] = [];
      for (let count = 0; count < 3; count++) {
        const committed = await commit(backend, scope, await backend.load(scope), { count: { value: count } });
        assert.equal(committed.type, 'committed');
        versions.push((await open().load(scope)).version);
      }
      assert.deepEqual(versions, [1, 2, 3]);
    },
  },
  {
    fact: 'scopes with similar names are apart',
    async run({ scope, open }) {
      const backend = open();
      const scopes = SIMILAR_SCOPES.map((ending) => `${scope}${ending}`);
      for (const [index, name] of scopes.entries()) await commit(backend, name, await backend.load(name), { index: { value: index } });
      for (const [index, name] of scopes.entries()) assertValues(await open().load(name), { index });
    },
  },
  {
    fact: 'the time of every write is kept',
    async run({ scope, open }) {
      const backend = open();
      await commit(backend, scope, await backend.load(scope), { a: { value: 1, at: 1_000 }, b: { value: 2, at: 2_000 } });
      await commit(backend, scope, await backend.load(scope), { b: { value: 3, at: 3_000 } });
      assert.deepEqual({ ...(await open().load(scope)).writtenAt }, { a: 1_000, b: 3_000 });
    },
  },
  {
    fact: 'the time of a key with valid_for is kept',
    async run({ scope, open }) {
      const backend = open();
      await commit(backend, scope, await backend.load(scope), { price: { value: 1, at: 1_000, validUntil: 5_000 } });
      await commit(backend, scope, await backend.load(scope), { other: { value: 2, at: 4_000 } });
      assert.equal((await open().load(scope)).writtenAt.price, 1_000);
    },
  },
  {
    fact: 'taint is kept until a clean value replaces it',
    async run({ scope, open }) {
      const backend = open();
      await commit(backend, scope, await backend.load(scope), {
        a: { value: 1, tainted: true },
        b: { value: 2, tainted: true },
        c: { value: 3 },
      });
      assert.deepEqual([...(await open().load(scope)).tainted].sort(), ['a', 'b']);
      await commit(backend, scope, await backend.load(scope), { a: { value: 2 } });
      assert.deepEqual((await open().load(scope)).tainted, ['b']);
    },
  },
  {
    fact: 'taint of what others wrote stays in a merged value',
    async run({ scope, open }) {
      const base = await open().load(scope);
      await commit(open(), scope, base, {
        list: { value: ['theirs'], reducer: 'append', tainted: true },
        last: { value: 'theirs', tainted: true },
      });
      await commit(open(), scope, base, { list: { value: ['mine'], reducer: 'append' }, last: { value: 'mine' } });
      const loaded = await open().load(scope);
      assertValues(loaded, { list: ['theirs', 'mine'], last: 'mine' });
      assert.deepEqual(loaded.tainted, ['list']);
    },
  },
  {
    fact: 'history tells every write, oldest first',
    async run({ scope, open }) {
      const backend = open();
      await commit(backend, scope, await backend.load(scope), {
        a: { value: [1], at: 10, agent: 'first', validUntil: 500 },
        b: { value: 'x', at: 11 },
      });
      await commit(
        backend,
        scope,
        await backend.load(scope),
        { a: { value: null, at: 20, agent: 'second', tainted: true } },
        { run: 'run-2' },
      );
      assert.deepEqual(
        (await open().history?.(scope, 0))?.map((entry) => ({ ...entry })),
        [
          { key: 'a', value: [1], version: 1, run: 'run-1', agent: 'first', at: 10, validUntil: 500, tainted: false },
          { key: 'b', value: 'x', version: 1, run: 'run-1', agent: 'writer', at: 11, tainted: false },
          { key: 'a', value: null, version: 2, run: 'run-2', agent: 'second', at: 20, tainted: true },
        ],
      );
    },
  },
  {
    fact: 'history tells attempts and deletions',
    async run({ scope, open }) {
      const backend = open();
      const large = 'x'.repeat(300_000);
      await commit(backend, scope, await backend.load(scope), { a: { value: 1, attempt: 2 }, b: { value: large, attempt: 3 } });
      await commit(backend, scope, await backend.load(scope), {
        a: { value: null, deleted: true, agent: 'remover' },
        b: { value: null, deleted: true, agent: 'remover' },
      });
      const entries = (await open().history?.(scope, 0)) ?? [];
      assert.deepEqual(
        entries.map(({ key, version, attempt, deleted, agent }) => [key, version, attempt, deleted, agent]),
        [
          ['a', 1, 2, undefined, 'writer'],
          ['b', 1, 3, undefined, 'writer'],
          ['a', 2, undefined, true, 'remover'],
          ['b', 2, undefined, true, 'remover'],
        ],
      );
    },
  },
  {
    fact: 'history since a time leaves out what is older',
    async run({ scope, open }) {
      const backend = open();
      for (const at of [10, 20, 30]) await commit(backend, scope, await backend.load(scope), { a: { value: at, at } });
      assert.deepEqual(
        (await open().history?.(scope, 20))?.map(({ at }) => at),
        [20, 30],
      );
      assert.deepEqual(await open().history?.(`${scope} of nobody`, 0), []);
    },
  },
  {
    fact: 'on_conflict fail hands back what others changed and writes nothing',
    async run({ scope, open }) {
      const backend = open();
      await commit(backend, scope, await backend.load(scope), { a: { value: 1 }, b: { value: 1 } });
      const base = await backend.load(scope);
      await commit(open(), scope, base, { b: { value: 2 } });
      const refused = await commit(backend, scope, base, { a: { value: 9 } }, { onConflict: 'fail' });
      assert.ok(refused.type === 'conflict');
      assert.deepEqual(refused.keys, ['b']);
      assertValues(await open().load(scope), { a: 1, b: 2 });
    },
  },
  {
    fact: 'on_conflict overwrite puts this run’s keys over those of others',
    async run({ scope, open }) {
      const base = await open().load(scope);
      await commit(open(), scope, base, { list: { value: ['theirs'], reducer: 'append' }, other: { value: 1 } });
      const committed = await commit(open(), scope, base, { list: { value: ['mine'], reducer: 'append' } }, { onConflict: 'overwrite' });
      assert.ok(committed.type === 'committed' && committed.merged);
      assertValues(await open().load(scope), { list: ['mine'], other: 1 });
    },
  },
  {
    fact: 'on_conflict merge applies this run’s writes again to what others wrote',
    async run({ scope, open }) {
      const backend = open();
      await commit(backend, scope, await backend.load(scope), { count: { value: 10 }, list: { value: ['base'] }, mine: { value: 'old' } });
      const base = await backend.load(scope);
      await commit(open(), scope, base, { count: { value: 5, reducer: 'add' }, list: { value: ['theirs'], reducer: 'append' } });
      const committed = await commit(backend, scope, base, {
        count: { value: 2, reducer: 'add' },
        list: { value: ['mine'], reducer: 'append' },
        mine: { value: 'new' },
      });
      const expected = { count: 17, list: ['base', 'theirs', 'mine'], mine: 'new' };
      assert.ok(committed.type === 'committed' && committed.merged);
      assertValues(committed.loaded, expected);
      assertValues(await open().load(scope), expected);
    },
  },
  {
    fact: 'a merge that fails writes nothing',
    async run({ scope, open }) {
      const base = await open().load(scope);
      await commit(open(), scope, base, { a: { value: 1 } });
      const reduce = () => {
        throw new RangeError('these cannot be joined');
      };
      await assert.rejects(commit(open(), scope, base, { a: { value: 2, reducer: 'add' }, b: { value: 3 } }, { reduce }), RangeError);
      assertValues(await open().load(scope), { a: 1 });
    },
  },
  {
    fact: 'twenty concurrent committers lose nothing',
    async run({ scope, open }) {
      const committers = Array.from({ length: 20 }, (_, index) => `run-${index}`);
      await Promise.all(
        committers.map(async (run) => {
          const backend = open();
          const writes: Record<string, Write> = {
            sum: { value: 1, reducer: 'add' },
            runs: { value: run, reducer: 'append' },
            [run]: { value: run },
          };
          const committed = await commit(backend, scope, await backend.load(scope), writes, { run });
          assert.equal(committed.type, 'committed');
        }),
      );
      const { values, version } = await open().load(scope);
      assert.equal(values.sum, 20);
      assert.equal(version, 20);
      assert.deepEqual([...(values.runs as string[])].sort(), [...committers].sort());
      for (const run of committers) assert.equal(values[run], run);
    },
  },
  {
    fact: 'a run that stops before its commit changes nothing',
    async run({ scope, open }) {
      const backend = open();
      await commit(backend, scope, await backend.load(scope), { a: { value: 1 } });
      const before = await open().load(scope);
      await open().load(scope);
      assert.equal(JSON.stringify(await open().load(scope)), JSON.stringify(before));
    },
  },
  {
    fact: 'a commit that is sent twice is applied once',
    async run({ scope, open }) {
      const base = await open().load(scope);
      const writes: Record<string, Write> = { sum: { value: 1, reducer: 'add' } };
      await commit(open(), scope, base, writes, { id: 'run-1#0' });
      const again = await commit(open(), scope, base, writes, { id: 'run-1#0' });
      assert.ok(again.type === 'committed');
      assertValues(again.loaded, { sum: 1 });
      await commit(open(), scope, again.loaded, writes, { id: 'run-1#1' });
      await commit(open(), scope, base, writes, { id: 'run-1#0' });
      const loaded = await open().load(scope);
      assertValues(loaded, { sum: 2 });
      assert.equal(loaded.version, 2);
    },
  },
];
