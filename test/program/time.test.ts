import { describe, expect, test } from 'vitest';
import { parseTime } from '../../src/program/time.ts';

const DAY = Date.UTC(2026, 10, 2);

describe('parseTime', () => {
  test.each([
    ['2026-11-02', DAY],
    ['2026-11-02T08:00', DAY + 28_800_000],
    ['2026-11-02 08:00:05', DAY + 28_805_000],
    ['2026-11-02t08:00:05.25z', DAY + 28_805_250],
    ['2026-11-02T08:00+01:00', DAY + 25_200_000],
    ['2026-11-02T08:00-0130', DAY + 34_200_000],
    [DAY, DAY],
    [String(DAY), DAY],
    [0, 0],
    ['0', 0],
  ])('%j is a time', (text, ms) => {
    expect(parseTime(text)).toBe(ms);
  });

  test.each([
    '',
    'tomorrow',
    '2026',
    2026,
    1_793_606_400,
    -5,
    Number.NaN,
    9e15,
    '2026-13-01',
    '2026-11-02T25:00',
    '11/02/2026',
    '2026-11-02T08:00 CET',
  ])('%j is none', (text) => {
    expect(parseTime(text)).toBe(undefined);
  });
});
