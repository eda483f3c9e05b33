import { describe, expect, test, vi } from 'vitest';
import { readPages } from '../../../src/cli/runs/read-pages.ts';
import type { Host } from '../../../src/node/host.ts';
import type { HostCalls, RunSummary } from '../../../src/program/host-calls.ts';
import { atLimit } from '../../support/at-limit.ts';
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

  test('is not suspected for as many as there may be', async () => {
    const { host } = hostOf((page) => (page < 4 ? pageFrom(page * 500) : []));
    expect(await countOf(host)).toBe(2_000);
  });
});

describe('runs that are kept', () => {
  /** What comes of pages whose last holds so many characters that all are `length`. To make such texts would take a second. */
  const read = async (length: number) => {
    const { stringify } = JSON;
    const page = stringify(summaryOf(0)).length * 500;
    const { host, asked } = hostOf((index) => (index < 2 ? pageFrom(index * 500) : [summaryOf(index * 500)]));
    const measured = vi.spyOn(JSON, 'stringify').mockImplementation((value: RunSummary) => {
      const text = stringify(value);
      return value.run === summaryOf(1_000).run ? ({ length: length - 2 * page } as string) : text;
    });
    const count = await countOf(host).catch(({ message }: Error) => message);
    measured.mockRestore();
    return [count, asked()];
  };
  atLimit('src/cli/runs/read-pages.ts MAX_LENGTH', {
    within: async (length) => expect(await read(length)).toEqual([1_001, 3]),
    beyond: async (length) =>
      expect(await read(length)).toEqual(['there are more runs than can be listed at once: ask for a part of them', 3]),
  });
});
