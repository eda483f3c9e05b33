import { describe, expect, test } from 'vitest';
import { findRun } from '../../../src/cli/runs/find-run.ts';
import { UsageProblem } from '../../../src/cli/usage-problem.ts';
import type { RunSummary } from '../../../src/program/host-calls.ts';
import { createFakeHost } from '../support/fake-host.ts';
import { serveRuns, summaryOf } from './summaries.ts';

const KNOWN = [summaryOf(1), summaryOf(2, { ensemble: 'imports' }), summaryOf(31), summaryOf(131)];
const [first, second] = KNOWN.map(({ run }) => run);

async function find(text: string, known: readonly RunSummary[] = KNOWN) {
  const fake = createFakeHost([]);
  serveRuns(fake, known);
  const host = await fake.open({ project: { root: '/' } });
  return { run: await findRun(text, host), asks: fake.calls.length };
}

describe('a run on a command line', () => {
  test('is named by its id, without a look at the index', async () => {
    expect(await find('z'.repeat(26))).toEqual({ run: 'z'.repeat(26), asks: 0 });
    expect(await find('Z'.repeat(26))).toEqual({ run: 'z'.repeat(26), asks: 0 });
  });

  test('is named by what its id ends or begins with', async () => {
    expect((await find('00000002')).run).toBe(second);
    expect((await find(KNOWN[3]?.run.slice(0, 24) ?? '')).run).toBe(KNOWN[3]?.run);
  });

  test('is the newest one, of all or of an ensemble', async () => {
    expect((await find('latest')).run).toBe(first);
    expect((await find('latest:imports')).run).toBe(second);
  });

  test('that several could be is refused, with the candidates by their whole ids', async () => {
    const problem = await find('0031').catch((error: unknown) => error);
    expect(problem).toMatchObject({ run: KNOWN[2]?.run });
    const several = (await find('01m7').catch((error: unknown) => error)) as Error;
    expect(several).toBeInstanceOf(UsageProblem);
    expect(several.message).toMatch(/^several runs have an id that begins or ends with 01m7; say more of it:\n/);
    for (const { run } of KNOWN) expect(several.message).toContain(`  ${run}  succeeded`);
  });

  test('of which there are very many candidates lists ten of them', async () => {
    const many = Array.from({ length: 40 }, (_, index) => summaryOf(index));
    const { message } = (await find('01m7', many).catch((error: unknown) => error)) as Error;
    expect(message.split('\n')).toHaveLength(13);
    expect(message).toMatch(/…$/);
  });

  test.each([
    ['abcdefgh', 'there is no run whose id begins or ends with abcdefgh'],
    ['latest:nobody', 'there is no run of nobody in the data of this project yet'],
    ['abc', '"abc" names no run'],
    ['../../etc', '"../../etc" names no run'],
    ['', '"" names no run'],
  ])('as %j is refused, and it says how to list runs', async (text, message) => {
    const problem = (await find(text).catch((error: unknown) => error)) as Error;
    expect(problem).toBeInstanceOf(UsageProblem);
    expect(problem.message).toContain(message);
    expect(problem.message).toContain('ensemble runs lists those that there are.');
  });
});
