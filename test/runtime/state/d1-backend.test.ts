import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { D1Like } from '../../../src/runtime/ports.ts';
import { createD1Backend } from '../../../src/runtime/state/d1-backend.ts';
import { createD1Inspector } from '../../../src/runtime/state/inspect/d1-inspector.ts';
import { keyPlan, openSession, statePlan } from './state-plan.ts';

let emulator: Miniflare;
let database: D1Like;

beforeAll(async () => {
  emulator = new Miniflare({ modules: true, script: 'export default {}', compatibilityDate: '2026-07-01', d1Databases: ['DB', 'EARLIER'] });
  database = (await emulator.getD1Database('DB')) as unknown as D1Like;
});

afterAll(() => emulator.dispose());

let drawn = 0;
const drawId = () => `id-${drawn++}`;
const PLAN = statePlan({ list: keyPlan({ type: 'array' }, { reducer: 'append' }), text: keyPlan({ type: 'string' }) }, { backend: 'd1' });

function open(scope: string, through: D1Like = database) {
  return openSession(PLAN, { backend: createD1Backend(through, drawId), scope });
}

describe('state in d1', () => {
  test('is as it was when a commit breaks off in the middle', async () => {
    const breaking: D1Like = {
      prepare: (query) => database.prepare(query),
      batch: (statements) => {
        const broken =
          statements.length > 3 ? [...statements.slice(0, -1), database.prepare('INSERT INTO nowhere VALUES (1)')] : statements;
        return database.batch(broken);
      },
    };
    const first = await open('broken');
    first.apply('writer', [{ key: 'list', value: 'kept' }], false, 1);
    await first.commit('succeeded');
    const second = await open('broken', breaking);
    second.apply(
      'writer',
      [
        { key: 'list', value: 'lost' },
        { key: 'text', value: 'x'.repeat(300_000) },
      ],
      false,
      1,
    );
    await expect(second.commit('succeeded')).rejects.toMatchObject({ failure: { code: 'STATE_BACKEND', retryable: true } });
    const backend = createD1Backend(database, drawId);
    expect({ ...(await backend.load('broken')).values }).toEqual({ list: ['kept'] });
    expect(await backend.history?.('broken', 0)).toHaveLength(1);
  });

  test('takes a commit once when its reply was lost and it is sent again', async () => {
    let losing = true;
    const forgetful: D1Like = {
      prepare: (query) => database.prepare(query),
      batch: async (statements) => {
        const results = await database.batch(statements);
        if (losing && statements.length > 3) throw new Error('Network connection lost.');
        return results;
      },
    };
    const session = await openSession(PLAN, { backend: createD1Backend(forgetful, drawId), scope: 'lost-reply', commitId: 'run-1' });
    session.apply('writer', [{ key: 'list', value: 'once' }], false, 1);
    await expect(session.commit('succeeded')).rejects.toThrow('Network connection lost');
    losing = false;
    await session.commit('succeeded');
    expect({ ...(await createD1Backend(database, drawId).load('lost-reply')).values }).toEqual({ list: ['once'] });
  });

  test('refuses a lost update also after someone has pruned old commits', async () => {
    const sessions = [await open('pruned'), await open('pruned'), await open('pruned')];
    for (const [index, session] of sessions.entries()) {
      session.apply('writer', [{ key: 'list', value: index }], false, 1);
      if (index === 2) await database.prepare("DELETE FROM _ensemble_state_commits WHERE scope = 'pruned' AND version = 1").all();
      await session.commit('succeeded');
    }
    expect({ ...(await createD1Backend(database, drawId).load('pruned')).values }).toEqual({ list: [0, 1, 2] });
  });

  test('goes on in tables that an earlier version made', async () => {
    const other = (await emulator.getD1Database('EARLIER')) as unknown as D1Like;
    const statements = [
      'CREATE TABLE _ensemble_state (scope TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, version INTEGER NOT NULL, written_at INTEGER NOT NULL, tainted INTEGER NOT NULL, PRIMARY KEY (scope, key))',
      'CREATE TABLE _ensemble_state_history (scope TEXT NOT NULL, version INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, run TEXT NOT NULL, agent TEXT NOT NULL, written_at INTEGER NOT NULL, valid_until INTEGER, tainted INTEGER NOT NULL, PRIMARY KEY (scope, version, key))',
      'CREATE TABLE _ensemble_state_commits (scope TEXT NOT NULL, version INTEGER NOT NULL, id TEXT NOT NULL, token TEXT NOT NULL, run TEXT NOT NULL, PRIMARY KEY (scope, version), UNIQUE (scope, id))',
      `INSERT INTO _ensemble_state VALUES ('old', 'list', '["a"]', 1, 5, 0)`,
      `INSERT INTO _ensemble_state_history VALUES ('old', 1, 'list', '["a"]', 'run-0', 'first', 5, NULL, 0)`,
      "INSERT INTO _ensemble_state_commits VALUES ('old', 1, 'id', 'token', 'run-0')",
    ];
    await other.batch(statements.map((statement) => other.prepare(statement)));
    const session = await open('old', other);
    session.apply('writer', [{ key: 'list', value: 'b' }], false, 9, [], 2);
    await session.commit('succeeded');
    const inspector = createD1Inspector(other, 'old', () => 1_000);
    expect(await inspector.history({})).toMatchObject({
      changes: [
        { version: 1, value: ['a'], agent: 'first' },
        { version: 2, value: ['a', 'b'], agent: 'writer', attempt: 2, committed_at: expect.any(Number) },
      ],
    });
    expect(await inspector.read({ type: 'time', at: 0 })).toMatchObject({ content: { version: 1, keys: [{ value: ['a'] }] } });
  });

  test('fails by name when someone else spoiled a value', async () => {
    const session = await open('spoiled');
    session.apply('writer', [{ key: 'text', value: 'fine' }], false, 1);
    await session.commit('succeeded');
    await database.prepare("UPDATE _ensemble_state SET value = 'fine' WHERE scope = 'spoiled'").all();
    const message = 'State key "text" of scope "spoiled" (d1) holds text that is no JSON. It was left as it is';
    await expect(open('spoiled')).rejects.toMatchObject({ failure: { code: 'STATE_BACKEND', message } });
    await database
      .prepare("UPDATE _ensemble_state SET value = ? WHERE scope = 'spoiled'")
      .bind(`${'['.repeat(1_001)}${']'.repeat(1_001)}`)
      .all();
    await expect(open('spoiled')).rejects.toMatchObject({
      failure: { message: expect.stringContaining('holds a value nested deeper than 1000 levels') },
    });
  });
});
