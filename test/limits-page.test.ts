import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

const UNITS: Readonly<Record<string, number>> = { KiB: 1_024, MiB: 1_024 ** 2, GiB: 1_024 ** 3, s: 1_000, min: 60_000 };

/** `8 MiB` → 8388608, `30 s` → 30000 (durations in the code are milliseconds), `100,000 items` → 100000. */
function figureOf(cell: string): number {
  const [, digits = '', unit = ''] = /^([\d,]+)(?: (\w+))?$/.exec(cell.trim()) ?? [];
  return Number(digits.replaceAll(',', '')) * (UNITS[unit] ?? 1);
}

/** The constant's value: products and powers of whole numbers are all that they are made of. */
function constantOf(path: string, name: string): number {
  const text = new RegExp(`^(?:export )?const ${name} = ([\\d_* ]+);$`, 'm').exec(read(path))?.[1];
  if (text === undefined) throw new Error(`${path} has no number ${name}`);
  const numbers = text
    .split(' ** ')
    .map((product) => product.split(' * ').reduce((value, factor) => value * Number(factor.replaceAll('_', '')), 1));
  return numbers.reduceRight((exponent, base) => base ** exponent);
}

const rows = [...read('docs/limits.md').matchAll(/^\| ([^|]+) \| ([^|]+) \|.*<!-- (\S+) (\S+) -->$/gm)].map(
  ([, limit = '', figure = '', path = '', name = '']) => ({ limit, figure, path, name }),
);

describe('the page of limits', () => {
  test('has rows', () => expect(rows.length).toBeGreaterThan(20));

  test.each(rows)('$limit: $figure, as $path says', ({ figure, path, name }) => {
    expect(figureOf(figure)).toBe(constantOf(path, name));
  });
});
