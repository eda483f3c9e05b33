import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openResults, readResults } from '../../../src/cli/each/results-file.ts';
import type { RowResult } from '../../../src/cli/each/row-result.ts';

let root: string;
let file: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ensemble-results-')));
  file = join(root, 'rows.results.jsonl');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const row = (line: number, status: RowResult['status'], run: string, key = `k${line}`): RowResult => ({
  line,
  key,
  run,
  status,
  duration_ms: 1,
});
const write = (...rows: readonly RowResult[]) => writeFileSync(file, rows.map((result) => `${JSON.stringify(result)}\n`).join(''));
const left = () =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { status, run } = JSON.parse(line) as RowResult;
      return `${run} ${status}`;
    });

describe('rows that wait', () => {
  test('are kept for the next batch, which takes each run once', async () => {
    write(row(1, 'waiting', 'a', 'same'), row(2, 'waiting', 'b', 'same'), row(3, 'failed', 'c'));
    const results = await openResults(file, 'rows', false);
    expect(results.takeDone('same')).toBe(false);
    expect([1, 2, 3].map(() => results.takeEarlier('same')?.run)).toEqual(['a', 'b', undefined]);
    results.close();
    expect(left()).toEqual(['a waiting', 'b waiting']);
  });

  test.each([
    ['succeeded', ['a succeeded'], true],
    ['failed', [], false],
    ['cancelled', [], false],
  ] as const)('that %s since are not looked at again', async (status, kept, done) => {
    write(row(1, 'waiting', 'a'), row(1, status, 'a'));
    const results = await openResults(file, 'rows', false);
    expect([results.takeEarlier('k1'), results.takeDone('k1')]).toEqual([undefined, done]);
    results.close();
    expect(left()).toEqual(kept);
  });

  test('are no reason to write the file anew', async () => {
    write(row(1, 'waiting', 'a'), row(2, 'succeeded', 'b'));
    expect(await readResults(file, 'rows')).toEqual({ done: new Map([['k2', 1]]), waiting: new Map([['a', 'k1']]), surplus: false });
  });

  test('are left out by --fresh', async () => {
    write(row(1, 'waiting', 'a'));
    const results = await openResults(file, 'rows', true);
    expect(results.takeEarlier('k1')).toBe(undefined);
    results.close();
    expect(left()).toEqual([]);
  });
});

describe('rows that had begun when their batch was killed', () => {
  const [run, other, key] = ['a'.repeat(26), 'b'.repeat(26), 'c'.repeat(32)];
  const begunFile = () => `${file}.begun`;

  test('are known to the next batch, but for those whose result is there', async () => {
    const first = await openResults(file, 'rows', false);
    first.begin(key, run);
    first.begin(key, other);
    first.append({ line: 1, key, run: other, status: 'failed', duration_ms: 1 });
    // Killed: nothing is closed.
    const next = await openResults(file, 'rows', false);
    expect([next.takeEarlier(key), next.takeEarlier(key)]).toMatchObject([{ run, waited: false }, undefined]);
    next.begin(key, run);
    next.append({ line: 1, key, run, status: 'succeeded', duration_ms: 1 });
    next.close();
    expect(existsSync(begunFile())).toBe(false);
  });

  test('stay known while nobody asks for them, and are forgotten by --fresh', async () => {
    const first = await openResults(file, 'rows', false);
    first.begin(key, run);
    first.close();
    (await openResults(file, 'rows', false)).close();
    expect(readFileSync(begunFile(), 'utf8')).toBe(`${run} ${key}\n`);
    const fresh = await openResults(file, 'rows', true);
    expect(fresh.takeEarlier(key)).toBe(undefined);
    fresh.close();
    expect(existsSync(begunFile())).toBe(false);
  });

  test('a line that a crash tore is none', async () => {
    writeFileSync(begunFile(), `${run} ${key}\n${other} cc`);
    const results = await openResults(file, 'rows', false);
    expect([results.takeEarlier(key)?.run, results.takeEarlier(key)]).toEqual([run, undefined]);
    results.close();
  });
});
