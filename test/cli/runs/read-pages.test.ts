import { describe, expect, test } from 'vitest';
import { readPages } from '../../../src/cli/runs/read-pages.ts';
import type { Host } from '../../../src/node/host.ts';
import type { HostCalls, RunSummary } from '../../../src/program/host-calls.ts';
import { summaryOf } from './summaries.ts';

type Page = HostCalls['runs']['reply'];

function hostOf(page: (asked: number) => readonly RunSummary[]): { readonly host: Host; asked(): number } {
  let asked = 0;
  const host = { call: async (): Promise<Page> => ({ runs: page(asked++) }) } as unknown as Host;
  return { host, asked: () => asked };
}

async function countOf(host: Host): Promise<number> {
  let count = 0;
  for await (const _run of readPages(host, {})) count += 1;
  return count;
}

const pageFrom = (first: number) => Array.from({ length: 500 }, (_, index) => summaryOf(first + index));

describe('a host that invents runs', () => {
  test('is asked for no more when it begins anew', async () => {
    const { host, asked } = hostOf((page) => pageFrom((page % 3) * 500));
    await expect(countOf(host)).rejects.toThrow('the list of runs begins anew and has no end');
    expect(asked()).toBe(4);
  });

  test('is asked for no more when nobody could keep them', async () => {
    const message = 'x'.repeat(64 * 1024 * 1024);
    const { host, asked } = hostOf((page) =>
      pageFrom(page * 500).map((run, index) =>
        index === 0 ? { ...run, failure: { code: 'CODE_ERROR', message, retryable: false } } : run,
      ),
    );
    await expect(countOf(host)).rejects.toThrow('there are more runs than can be listed at once: ask for a part of them');
    expect(asked()).toBe(4);
  });

  test('is not suspected for as many as there may be', async () => {
    const { host } = hostOf((page) => (page < 4 ? pageFrom(page * 500) : []));
    expect(await countOf(host)).toBe(2_000);
  });
});
