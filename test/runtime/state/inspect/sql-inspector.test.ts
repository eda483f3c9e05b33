import { describe, expect, test } from 'vitest';
import { SqlInspector, type SqlStatement } from '../../../../src/runtime/state/inspect/sql-inspector.ts';
import { atLimit, figureOf } from '../../../support/at-limit.ts';

/** The pages of a history of values of these sizes, by how many changes each has. */
async function pagesOf(sizes: readonly number[]): Promise<readonly number[]> {
  const rows = sizes.map((bytes, index) => ({ position: index + 1, bytes }));
  const batch = async ([statement]: readonly SqlStatement[]): Promise<readonly (readonly unknown[])[]> => {
    const { query = '', values = [] } = statement ?? {};
    const [, after = 0, upTo = Number.POSITIVE_INFINITY] = values.map(Number);
    const found = rows.filter(({ position }) => position > after && position <= upTo);
    const fact = { value: '1', valid_until: null, attempt: null, committed_at: null };
    return [query.includes('octet_length') ? found.slice(0, 1_000) : found.map(({ position }) => ({ key: `k${position}`, ...fact }))];
  };
  const source = { backend: 'd1', state: 's', history: 'h', commits: 'c', shared: false, batch };
  const inspector = new SqlInspector(source, 'scope', () => 0);
  const pages: number[] = [];
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = await inspector.history({ after });
    if (page.type !== 'history') throw new Error(page.message);
    if (page.changes.length > 0) pages.push(page.changes.length);
    after = page.next;
  }
  return pages;
}

describe('a page of history', () => {
  atLimit('src/runtime/state/inspect/sql-inspector.ts PAGE_BYTES', {
    within: async (bytes) => expect(await pagesOf([1, bytes - 1, 1])).toEqual([2, 1]),
    beyond: async (bytes) => expect(await pagesOf([1, bytes - 1, 1])).toEqual([1, 1, 1]),
  });

  test('has a value that is larger than a page by itself', async () => {
    const bytes = figureOf('src/runtime/state/inspect/sql-inspector.ts PAGE_BYTES') + 1;
    expect(await pagesOf([bytes, bytes, 1, 1])).toEqual([1, 1, 2]);
  });
});
