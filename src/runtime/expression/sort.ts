import { requireCallback, toNumber, toText } from './coerce.ts';
import { checkList, spendSort } from './limits.ts';

/** A sorted copy as JavaScript's `sort` orders: by the function's number, else by text; undefined comes last. Stable. */
export function sortList(list: readonly unknown[], compare: unknown, method: string): readonly unknown[] {
  checkList(list.length);
  const present = list.filter((item) => item !== undefined);
  const missing = list.filter((item) => item === undefined);
  if (compare !== undefined) {
    const call = requireCallback(compare, method);
    return [...present.sort((a, b) => toNumber(call(a, b))), ...missing];
  }
  if (present.every((item) => typeof item === 'string')) {
    spendSort(present);
    return [...present.sort(), ...missing];
  }
  // Each text is made once: an item may be a list of lists, whose text is long.
  const keyed = present.map((item) => ({ item, key: toText(item) }));
  spendSort(keyed.map(({ key }) => key));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return [...keyed.map(({ item }) => item), ...missing];
}
