import { optionalInteger } from '../coerce.ts';
import { checkKeys, checkList, checkString, spendSort } from '../limits.ts';
import { stringify } from '../to-json.ts';
import { elementReader } from './element.ts';
import type { Filter } from './filter.ts';

export const LIST_FILTERS = {
  /** Of a list its items, of a string its UTF-16 units, of an object its keys; 0 for null and undefined. */
  length: (input) => {
    if (input === null || input === undefined) return 0;
    if (typeof input === 'string' || Array.isArray(input)) return input.length;
    return typeof input === 'object' && !(input instanceof Date) ? keyCount(input) : undefined;
  },
  first: (input) => (Array.isArray(input) || typeof input === 'string' ? input.at(0) : undefined),
  last: (input) => (Array.isArray(input) || typeof input === 'string' ? input.at(-1) : undefined),
  slice: (input, [start, end]) => {
    if (!Array.isArray(input) && typeof input !== 'string') return undefined;
    const part = input.slice(optionalInteger(start), optionalInteger(end));
    if (typeof part === 'string') checkString(part.length);
    else checkList(part.length);
    return part;
  },
  /** A string by its code points, so that no character falls apart. */
  reverse: (input) => {
    if (typeof input === 'string') {
      checkString(input.length);
      return Array.from(input).reverse().join('');
    }
    if (!Array.isArray(input)) return undefined;
    checkList(input.length);
    return input.toReversed();
  },
  /**
   * Ascending: numbers by size, then texts by UTF-16 units, then the rest; null and undefined last. `sort('price')` goes by a field of each item,
   * `sort(x => x.price)` by what a function gives. Stable.
   */
  sort: (input, [by]) => {
    if (!Array.isArray(input)) return undefined;
    checkList(input.length);
    const read = elementReader(by);
    const keyed = input.map((item, index) => ({ item, key: read(item, index) }));
    spendSort(keyed.map(({ key }) => key));
    return keyed.sort((a, b) => compareKeys(a.key, b.key)).map(({ item }) => item);
  },
  /** Without later items that equal an earlier one as JSON; `unique('id')` goes by a field. */
  unique: (input, [by]) => {
    if (!Array.isArray(input)) return undefined;
    checkList(input.length);
    const read = elementReader(by);
    const seen = new Set<unknown>();
    return input.filter((item, index) => {
      const key = identity(read(item, index));
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
  },
} as const satisfies Readonly<Record<string, Filter>>;

function keyCount(value: object): number {
  const { length } = Object.keys(value);
  checkKeys(length);
  return length;
}

function compareKeys(a: unknown, b: unknown): number {
  const [rankA, rankB] = [rankOf(a), rankOf(b)];
  if (rankA !== rankB) return rankA - rankB;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  return 0;
}

function rankOf(value: unknown): number {
  if (value === null || value === undefined || Number.isNaN(value)) return 5;
  if (typeof value === 'boolean') return 0;
  if (typeof value === 'number') return 1;
  if (value instanceof Date) return 2;
  return typeof value === 'string' ? 3 : 4;
}

/** Equal for values that are equal as JSON. A text can look like no other value's JSON, since its own is quoted. */
function identity(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const json = stringify(value) ?? '';
  checkString(json.length);
  return `${json}\u0000`;
}
