import { expect, vi } from 'vitest';
import { atLimit } from '../../support/at-limit.ts';
import { workerModule } from '../support/worker-module.ts';

const openScope = vi.hoisted(() => vi.fn());
const readPoint = vi.hoisted(() => vi.fn());
vi.mock('../../../src/worker/state/open-scope.ts', () => ({ openScope }));
vi.mock('../../../src/worker/state/read-point.ts', () => ({ readPoint }));
vi.mock('../../../src/worker/state/open-scope-index.ts', () => ({ openScopeIndex: () => undefined }));

const { restoreScope } = await workerModule<{
  restoreScope(env: object, address: object, point: object): Promise<{ readonly type: string }>;
}>('state/restore-scope.ts');
const content = (value: number) => ({ keys: [{ key: 'a', value, tainted: false }] });

/** Restores a scope that somebody else changes before each of the first `losses` commits. */
async function restored(losses: number): Promise<string> {
  let commits = 0;
  const backend = {
    load: async () => ({ values: {}, version: 1 }),
    commit: async () =>
      commits++ < losses ? { type: 'conflict', version: 2, keys: ['a'] } : { type: 'committed', loaded: {}, merged: false },
  };
  const inspector = { read: async () => ({ type: 'content', content: content(1) }) };
  readPoint.mockResolvedValue({ type: 'content', content: content(2) });
  openScope.mockReturnValue({ backend, inspector });
  return (await restoreScope({}, { backend: 'durable-object', scope: 's' }, {})).type;
}

atLimit('src/worker/state/restore-scope.ts MAX_TRIES', {
  within: async (tries) => expect(await restored(tries - 1)).toBe('edited'),
  beyond: async (tries) => expect(await restored(tries - 1)).toBe('refused'),
});
