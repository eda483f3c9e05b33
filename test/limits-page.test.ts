import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { figureOf, type LimitName } from './support/at-limit.ts';
import { LIMITS_WITHOUT_TESTS } from './support/limits-without-tests.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const filesOf = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`);

const UNITS: Readonly<Record<string, number>> = { KiB: 1_024, MiB: 1_024 ** 2, GiB: 1_024 ** 3, s: 1_000, min: 60_000 };

/** `8 MiB` → 8388608, `30 s` → 30000 (durations in the code are milliseconds), `100,000 items` → 100000. */
function shownFigure(cell: string): number {
  const [, digits = '', unit = ''] = /^([\d,]+)(?: (\w+))?$/.exec(cell.trim()) ?? [];
  return Number(digits.replaceAll(',', '')) * (UNITS[unit] ?? 1);
}

const rows = [...read('docs/limits.md').matchAll(/^\| ([^|]+) \| ([^|]+) \|.*<!-- (\S+ \S+) -->$/gm)].map(
  ([, limit = '', figure = '', name = '']) => ({ limit, figure, name: name as LimitName }),
);

describe('the page of limits', () => {
  test('has rows', () => expect(rows.length).toBeGreaterThan(20));

  test.each(rows)('$limit: $figure, as $name says', ({ figure, name }) => {
    expect(shownFigure(figure)).toBe(figureOf(name));
  });
});

/** What a constant is called that bounds something. */
const LIMIT =
  /^(?:export )?const ((?:MAX|MIN|MOST|LEAST)_\w+|\w*LIMIT\w*|\w+_(?:ALLOWED|AT_ONCE|BYTES|LENGTH))(?:: number)? = [\w* -]*\d/gm;
const limits = filesOf('src').flatMap((path) => [...read(path).matchAll(LIMIT)].map(([, name]) => `${path} ${name}`));
/** Those that `atLimit`, or a comment above a test, names. */
const tested = new Set(
  filesOf('test').flatMap((path) =>
    [...read(path).matchAll(/(?:\batLimit\(\s*'|\/\/ at its limit: )(src\/[\w./-]+ [A-Z_]+)/g)].map(([, name]) => name ?? ''),
  ),
);

describe('each limit of the code', () => {
  test('has a test at its figure and one beyond it, or stands among those that need none', () => {
    const known = new Set(Object.values(LIMITS_WITHOUT_TESTS).flat());
    expect(limits.filter((limit) => !tested.has(limit) && !known.has(limit))).toEqual([]);
    expect([...known].filter((limit) => tested.has(limit) || !limits.includes(limit))).toEqual([]);
  });

  test('that a page tells of has both', () => {
    expect(rows.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([]);
  });

  test('that a test names is one', () => {
    for (const name of tested) expect(() => figureOf(name as LimitName)).not.toThrow();
  });
});
