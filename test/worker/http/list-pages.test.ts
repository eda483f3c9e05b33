import { describe, expect, vi } from 'vitest';
import { atLimit } from '../../support/at-limit.ts';
import { workerModule } from '../support/worker-module.ts';

const readRuns = vi.hoisted(() => vi.fn());
vi.mock('../../../src/worker/read-runs.ts', () => ({ readRuns }));

interface Page {
  readonly runs: readonly { readonly run: string }[];
  readonly next_cursor?: string;
}
const { listPage } = await workerModule<{
  listPage(env: object, filter: object, shows: (run: { readonly run: string }) => boolean): Promise<Page>;
}>('http/list-pages.ts');

const LIMIT = 5;

/** A page for a key that may see one run alone, the last of so many full pages of the index. */
async function pageOf(pages: number, last = LIMIT + 1): Promise<{ readonly page: Page; readonly asked: number }> {
  let asked = 0;
  readRuns.mockImplementation(async (filter: { readonly before?: string; readonly limit: number }) => {
    expect(filter.before).toBe(asked === 0 ? undefined : `p${asked}r${LIMIT}`);
    asked += 1;
    const count = asked === pages ? last : filter.limit;
    return Array.from({ length: count }, (_, index) => ({ run: `p${asked}r${index}` }));
  });
  return { page: await listPage({}, { limit: LIMIT }, ({ run }) => run === `p${pages}r0`), asked };
}

describe('a page of runs of which most are not shown', () => {
  atLimit('src/worker/http/list-pages.ts MOST_PAGES', {
    within: async (pages) => {
      expect(await pageOf(pages)).toEqual({ page: { runs: [{ run: `p${pages}r0` }], next_cursor: `p${pages}r${LIMIT}` }, asked: pages });
      // What ends with that page has no other.
      expect(await pageOf(pages, LIMIT)).toEqual({ page: { runs: [{ run: `p${pages}r0` }] }, asked: pages });
    },
    beyond: async (pages) =>
      expect(await pageOf(pages)).toEqual({ page: { runs: [], next_cursor: `p${pages - 1}r${LIMIT}` }, asked: pages - 1 }),
  });
});
