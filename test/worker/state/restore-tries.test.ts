import { expect, vi } from 'vitest';
import { openScope } from '../../../src/worker/state/open-scope.ts';
import { readPoint } from '../../../src/worker/state/read-point.ts';
import { restoreScope } from '../../../src/worker/state/restore-scope.ts';
import type { WorkerEnv } from '../../../src/worker/worker-env.ts';
import { atLimit } from '../../support/at-limit.ts';

vi.mock('../../../src/worker/state/open-scope.ts');
vi.mock('../../../src/worker/state/read-point.ts');
vi.mock('../../../src/worker/state/open-scope-index.ts', () => ({ openScopeIndex: () => undefined }));

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
  vi.mocked(readPoint).mockResolvedValue({ type: 'content', content: content(2) } as never);
  vi.mocked(openScope).mockReturnValue({ backend, inspector } as never);
  return (await restoreScope({} as WorkerEnv, { backend: 'durable-object', scope: 's' } as never, {} as never)).type;
}

atLimit('src/worker/state/restore-scope.ts MAX_TRIES', {
  within: async (tries) => expect(await restored(tries - 1)).toBe('edited'),
  beyond: async (tries) => expect(await restored(tries - 1)).toBe('refused'),
});
