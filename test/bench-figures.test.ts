import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { BenchmarkResult } from '../bench/result.ts';
import { describeMismatch, listCitedFigures, listUncitedFigures } from './support/bench-figures.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const pages = [
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((path) => `docs/${path.replaceAll('\\', '/')}`),
].filter((path) => path.endsWith('.md') && readdirSync(join(root, path, '..')).includes(path.split('/').at(-1) ?? ''));
const results = new Map(
  readdirSync(join(root, 'bench/results'))
    .filter((file) => file.endsWith('.json'))
    .map((file) => [file.slice(0, -'.json'.length), JSON.parse(read(`bench/results/${file}`)) as BenchmarkResult]),
);

describe.each(pages)('%s', (page) => {
  test('has figures that are those of the results of benchmarks, as far as it cites them', () => {
    const wrong = listCitedFigures(read(page)).flatMap((figure) => {
      const mismatch = describeMismatch(figure, results);
      return mismatch === undefined ? [] : [`${page}:${figure.line}: ${mismatch}`];
    });
    expect(wrong).toEqual([]);
  });

  test('cites a benchmark for each measurement', () => {
    expect(listUncitedFigures(read(page)).map(({ line, text }) => `${page}:${line}: ${text}`)).toEqual([]);
  });
});

describe('a cited figure', () => {
  const spread = { min: 0, max: 0, rounds: 1 };
  const engine: BenchmarkResult = {
    name: 'engine',
    unit: 'µs an agent',
    about: '',
    caveats: [],
    machine: '',
    date: '',
    commit: '',
    seconds: 0,
    figures: [
      { subject: 'ours', median: 8.163, ...spread },
      { subject: 'theirs', median: 5_460, ...spread },
    ],
    ratios: [
      { subject: 'theirs', against: 'ours', median: 668.9, ...spread },
      { subject: 'theirs', against: 'ours', as: 'difference', median: 5_452, ...spread },
    ],
    notDone: [],
  };
  const size: BenchmarkResult = {
    ...engine,
    name: 'size',
    unit: 'bytes of files',
    figures: [{ subject: 'a run', median: 16_384, ...spread }],
  };
  const mismatches = (text: string): readonly string[] =>
    listCitedFigures(text).map((figure) => describeMismatch(figure, new Map([engine, size].map((one) => [one.name, one]))) ?? 'right');

  test.each([
    ['An agent costs 8 µs <!-- bench: engine "ours" -->.', ['right']],
    ['An agent costs 8.2 µs <!-- bench: engine "ours" -->.', ['right']],
    ['An agent costs 8.1 µs <!-- bench: engine "ours" -->.', ['"8.1 µs" was measured as 8.163']],
    [
      'Theirs takes 5.5 ms <!-- bench: engine "theirs" -->, ours 9 µs <!-- bench: engine "ours" -->.',
      ['right', '"9 µs" was measured as 8.163'],
    ],
    ['669 × <!-- bench: engine "theirs / ours" --> as long, 5,450 µs <!-- bench: engine "theirs over ours" --> more', ['right', 'right']],
    ['| 10 agents | 8 | 5,500 | <!-- bench: engine "ours" "theirs" -->', ['right', 'right']],
    ['A file of 16 kB <!-- bench: size "a run" -->', ['right']],
    ['A file of 16 ms <!-- bench: size "a run" -->', ['"16 ms" is no figure in bytes of files']],
    ['No figure <!-- bench: engine "ours" -->', ['"" is no figure in µs an agent']],
    ['8 µs <!-- bench: engine "gone" -->, 8 µs <!-- bench: gone "ours" -->', ['"engine" has no "gone"', 'there is no result "gone"']],
    ['```\n9 µs <!-- bench: engine "ours" -->\n```', []],
  ])('%s', (text, expected) => {
    expect(mismatches(text)).toEqual(expected);
  });

  test.each([
    ['An agent costs 8 µs.', 1],
    ['It is 12 × as fast.', 1],
    ['It is 3.5× that.', 1],
    ['An agent costs 8 µs <!-- bench: engine "ours" -->.', 0],
    ['Waits 500 ms, at most 8 MiB, a grid of 3 × 4, `5 µs` in code.', 0],
    ['```\n8 µs\n```', 0],
  ])('is asked for: %s', (text, count) => {
    expect(listUncitedFigures(text)).toHaveLength(count);
  });
});
