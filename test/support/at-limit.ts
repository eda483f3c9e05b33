import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** A constant by its file and its name: `src/language/expression/js.ts MAX_TEXT`. */
export type LimitName = `src/${string}.ts ${string}`;

/** What holds at a limit's figure, and what at the next one. Both are given the size that they are to try. */
export interface Sides {
  within(size: number): unknown;
  beyond(size: number): unknown;
}

/**
 * The two tests that each limit has: one at its figure, one a single step further. The figure is read from the code, so that nobody who changes it has to change a test too; for
 * a least size (`MIN_…`, `LEAST_…`) the step goes down. Limits that take more than one call to test name themselves in a comment instead: `// at its limit: src/… NAME`.
 * test/limits-page.test.ts finds both, and the limits that have neither.
 */
export function atLimit(limit: LimitName, { within, beyond }: Sides): void {
  const figure = figureOf(limit);
  const [, name = ''] = limit.split(' ');
  const next = /^(?:MIN|LEAST)_/.test(name) ? figure - 1 : figure + 1;
  describe(limit, () => {
    test(`${figure} is within it`, async () => void (await within(figure)));
    test(`${next} is beyond it`, async () => void (await beyond(next)));
  });
}

/** The number of a constant: whole numbers, differences, products and powers of them, and of other such constants of the same file or of those that it imports. */
export function figureOf(limit: LimitName): number {
  const [path = '', name = ''] = limit.split(' ');
  const source = readFileSync(join(ROOT, path), 'utf8');
  const text = new RegExp(`^(?:export )?const ${name}(?:: number)? = ([\\w* -]+);$`, 'm').exec(source)?.[1];
  if (text === undefined) throw new Error(`${path} has no number ${name}`);
  const numberOf = (part: string): number => {
    if (/^[\d_]+$/.test(part)) return Number(part.replaceAll('_', ''));
    const from = new RegExp(`^import \\{[^}]*\\b${part}\\b[^}]*\\} from '(\\.[^']+)';$`, 'm').exec(source)?.[1];
    return figureOf(`${from === undefined ? path : join(dirname(path), from)} ${part}` as LimitName);
  };
  const productOf = (product: string): number => product.split(' * ').reduce((value, factor) => value * numberOf(factor), 1);
  const powerOf = (power: string): number =>
    power
      .split(' ** ')
      .map(productOf)
      .reduceRight((exponent, base) => base ** exponent);
  return text
    .split(' - ')
    .map(powerOf)
    .reduce((left, right) => left - right);
}
