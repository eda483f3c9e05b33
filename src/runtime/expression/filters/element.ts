import { failure } from '../../failure.ts';
import { kindOf } from '../coerce.ts';
import { work } from '../limits.ts';
import { readOwn } from '../own.ts';

type ReadElement = (item: unknown, index: number) => unknown;

/** How a filter looks at each item: by the item itself, by a field of it (dots go deeper), or by what a function makes of it. */
export function elementReader(by: unknown): ReadElement {
  if (by === undefined || by === null) return (item) => item;
  if (typeof by === 'function') return (item, index) => by(item, index);
  if (typeof by === 'string') {
    const path = by.split('.', 64);
    return (item) => {
      work(path.length * 40);
      return path.reduce(readOwn, item);
    };
  }
  throw failure('EXPRESSION', `the filter takes the name of a field or a function, not ${kindOf(by)}`);
}
