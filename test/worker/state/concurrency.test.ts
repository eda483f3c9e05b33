import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../src/program/run-event.ts';
import type { ScopeAddress } from '../../../src/program/state-calls.ts';
import { askState, readPairs, setKeys, VERSIONED } from '../support/ask-state.ts';
import { openRunHost, type RunHost } from '../support/run-host.ts';

const RUNS = 20;

let host: RunHost;
let held: (() => void)[] = [];
beforeAll(async () => {
  // Each run asks once; all are answered when twenty of them have read the scope.
  const outbound = async (): Promise<Response> => {
    await new Promise<void>((resolve) => {
      held.push(resolve);
      if (held.length < RUNS) return;
      for (const go of held) go();
      held = [];
    });
    return new Response('{}');
  };
  host = await openRunHost({ outbound });
});
afterAll(() => host.close());

const writing = (backend: string, onConflict: string) => `
ensemble: writing
state:
  backend: ${backend}
  key: "\${input.scope}"
  on_conflict: ${onConflict}
  schema:
    list: { type: array, default: [], reducer: append }
    total: { type: number, default: 0, reducer: add }
agents:
  - { name: meet, operation: http, config: { url: "https://meet.test/", timeout: 60s } }
  - { name: note, operation: transform, config: { value: 1 }, state: { set: { list: "\${input.id}", total: "\${1}" } } }
`;

const endOf = (events: readonly RunEvent[]) => events.at(-1) as Extract<RunEvent, { readonly type: 'run.finished' }>;
const ids = Array.from({ length: RUNS }, (_, index) => index);

describe.each(VERSIONED)('twenty runs on one scope in $backend', (place) => {
  const at = (scope: string): ScopeAddress => ({ ...place, scope });
  const runAll = async (scope: string, onConflict: string) =>
    Promise.all(ids.map(async (id) => endOf(await host.run(writing(place.backend, onConflict), { input: { scope, id } }))));

  test('lose nothing when they merge', async () => {
    const ends = await runAll('merged', 'merge');
    expect(ends.map(({ status }) => status)).toEqual(ids.map(() => 'succeeded'));
    const found = Object.fromEntries(await readPairs(host, at('merged')));
    expect(found.total).toBe(RUNS);
    expect([...(found.list as number[])].sort((a, b) => a - b)).toEqual(ids);
    const { changes } = await askState(host, { action: 'history', address: at('merged'), key: 'total' }, 'history');
    expect(changes.map(({ version, value }) => [version, value])).toEqual(ids.map((index) => [index + 1, index + 1]));
  });

  test('fail but for one when they must not meet others', async () => {
    const ends = await runAll('refused', 'fail');
    const failed = ends.filter(({ status }) => status === 'failed');
    expect(failed).toHaveLength(RUNS - 1);
    for (const { failure } of failed) expect(failure?.code).toBe('STATE_CONFLICT');
    expect(await readPairs(host, at('refused'))).toMatchObject([
      ['list', [expect.any(Number)]],
      ['total', 1],
    ]);
  });

  test('and people who set other keys meanwhile lose nothing either', async () => {
    const runs = runAll('mixed', 'merge');
    await Promise.all(ids.map((id) => setKeys(host, at('mixed'), { [`hand${id}`]: id })));
    await runs;
    const found = Object.fromEntries(await readPairs(host, at('mixed')));
    expect(found.total).toBe(RUNS);
    expect((found.list as unknown[]).length).toBe(RUNS);
    for (const id of ids) expect(found[`hand${id}`]).toBe(id);
  });

  test('join what they wrote to nothing where someone has deleted the key meanwhile', async () => {
    await setKeys(host, at('cleared'), { total: 100, list: ['old'] });
    const run = host.run(writing(place.backend, 'merge'), { input: { scope: 'cleared', id: 'new' } });
    await expect.poll(() => held.length).toBe(1);
    await askState(host, { action: 'edit', address: at('cleared'), edits: [{ key: 'total', deleted: true }] }, 'edited');
    for (const go of held.splice(0)) go();
    expect(endOf(await run).status).toBe('succeeded');
    expect(Object.fromEntries(await readPairs(host, at('cleared')))).toEqual({ list: ['old', 'new'], total: 1 });
  });
});
