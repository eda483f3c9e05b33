import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type BenchmarkResult, formatFigure, meets } from '../../bench/result.ts';
import { renderResults } from '../../bench/table.ts';

const RESULT: BenchmarkResult = {
  name: 'engine',
  unit: 'µs an agent',
  about: 'What an agent costs.',
  caveats: ['Unfair to Peer.'],
  machine: '2 × CPU',
  date: '2026-11-21',
  commit: 'abc1234',
  seconds: 12,
  figures: [
    { subject: 'ours', median: 8.163, min: 6.2, max: 10.26, rounds: 7, target: '≤ 8' },
    { subject: 'Peer', median: 12_345.6, min: 12_345.6, max: 12_345.6, rounds: 1 },
  ],
  ratios: [{ subject: 'Peer', against: 'ours', median: 1512.3, min: 1400, max: 1600, rounds: 1, target: '≥ 10' }],
  notDone: [{ subject: 'Other', why: 'stack overflow' }],
};

test('the table is made of the results: targets first, then ratios, figures, what was not done and what is unfair', () => {
  expect(renderResults([RESULT])).toBe(`### What we aim at

| | target | measured | | |
| --- | --- | ---: | --- | --- |
| Peer / ours | ≥ 10 × | 1,512 | met | [engine](#engine) |
| ours | ≤ 8 µs an agent | 8.16 (6.2–10.3, 7) | **missed** | [engine](#engine) |

### engine

What an agent costs.

2 × CPU; 2026-11-21, commit abc1234; 12 s. Medians (min–max, of so many rounds).

| ratio | subject | against | target |
| ---: | --- | --- | --- |
| **1,512×** (1,400–1,600) | Peer | ours | ≥ 10 |

| figure (µs an agent) | subject |
| ---: | --- |
| 8.16 (6.2–10.3, 7) | ours |
| 12,346 | Peer |

- Not done: Other: stack overflow

- Unfair to Peer.`);
});

test('a difference is told in the unit of the benchmark', () => {
  const rendered = renderResults([
    { ...RESULT, ratios: [{ subject: 'put', against: 'bare put', as: 'difference', median: 580, min: 500, max: 700, rounds: 7 }] },
  ]);
  expect(rendered).toContain('| **580** µs an agent more (500–700) | put | bare put |  |');
});

test.each([
  [0, '0'],
  [0.08349, '0.0835'],
  [9.996, '10'],
  [999.6, '1000'],
  [1_000.4, '1,000'],
  [-580.4, '-580'],
])('%d is shown as %s', (figure, text) => {
  expect(formatFigure(figure)).toBe(text);
});

test.each([
  [5, '≤ 5', true],
  [5.01, '≤ 5', false],
  [9.9, '≥ 10', false],
  [10, '≥ 10', true],
  [1, 'flat', undefined],
])('%d under the target "%s": %s', (figure, target, expected) => {
  expect(meets(figure, target)).toBe(expected);
});

test('the README of the benchmarks holds the results on file', () => {
  const folder = new URL('../../bench/', import.meta.url);
  const results = readdirSync(new URL('results/', folder))
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(new URL(`results/${file}`, folder), 'utf8')) as BenchmarkResult);
  const readme = readFileSync(new URL('README.md', folder), 'utf8');
  expect(readme.split('<!-- results -->')[1]?.split('<!-- /results -->')[0]?.trim()).toBe(renderResults(results));
});
