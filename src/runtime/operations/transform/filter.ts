import type { JsonValue } from '../../../program/json.ts';
import type { Config } from '../config.ts';
import { compareValues } from './compare.ts';
import { canonicalText, isList, isObject, readField } from './fields.ts';

type Test = (item: JsonValue) => boolean;
type Operator = (value: JsonValue | undefined, wanted: JsonValue) => boolean;

const equals: Operator = (value, wanted) => canonicalText(value ?? null) === canonicalText(wanted);
const isIn: Operator = (value, wanted) => isList(wanted) && wanted.some((choice) => equals(value, choice));

/** What may stand under a field in `filter`. Ordering never holds between different kinds of values. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  eq: equals,
  ne: (value, wanted) => !equals(value, wanted),
  gt: (value, wanted) => isComparable(value, wanted) && compareValues(value, wanted) > 0,
  gte: (value, wanted) => isComparable(value, wanted) && compareValues(value, wanted) >= 0,
  lt: (value, wanted) => isComparable(value, wanted) && compareValues(value, wanted) < 0,
  lte: (value, wanted) => isComparable(value, wanted) && compareValues(value, wanted) <= 0,
  in: isIn,
  not_in: (value, wanted) => !isIn(value, wanted),
  contains: (value, wanted) =>
    typeof value === 'string'
      ? typeof wanted === 'string' && value.includes(wanted)
      : isList(value) && value.some((item) => equals(item, wanted)),
  exists: (value, wanted) => (value !== undefined && value !== null) === (wanted !== false),
};

/**
 * Keeps the items that `filter` describes. Expressions in a config are evaluated once, before the items are looked at, so a filter is data: `true` (truthy items), a
 * list of as many truths as there are items (`${rows.map(r => r.age > 17)}`), or a mapping of field → wanted value, list of wanted values, or `{gt: 1, lt: 5}` (`eq ne gt gte
 * lt lte in not_in contains exists`); all fields must fit.
 */
export function filterItems(config: Config, items: readonly JsonValue[], nameOf: (field: string) => string): readonly JsonValue[] {
  const filter = config.value('filter');
  if (filter === undefined) return items;
  if (filter === true) return items.filter(Boolean);
  if (isList(filter)) {
    if (filter.length !== items.length) throw config.mismatch('filter', `a list of ${items.length} truths, one for each item`);
    return items.filter((_, index) => Boolean(filter[index]));
  }
  if (!isObject(filter)) throw config.mismatch('filter', 'a mapping of field to wanted value, true, or a list of truths');
  const tests = Object.entries(filter).map(([field, wanted]) => buildTest(config, nameOf(field), wanted));
  return items.filter((item) => tests.every((test) => test(item)));
}

function buildTest(config: Config, field: string, wanted: JsonValue): Test {
  if (isList(wanted)) return (item) => isIn(readField(item, field), wanted);
  if (!isObject(wanted) || Object.keys(wanted).length === 0) return (item) => equals(readField(item, field), wanted);
  const tests = Object.entries(wanted).map(([name, limit]) => {
    const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
    if (operator === undefined) {
      throw config.invalid(`has no comparison "${name}" for "${field}" in "filter"; there are ${Object.keys(OPERATORS).join(', ')}`);
    }
    return (value: JsonValue | undefined) => operator(value, limit);
  });
  return (item) => {
    const value = readField(item, field);
    return tests.every((test) => test(value));
  };
}

function isComparable(value: JsonValue | undefined, wanted: JsonValue): value is Exclude<JsonValue, null> {
  return value !== undefined && value !== null && typeof value === typeof wanted;
}
