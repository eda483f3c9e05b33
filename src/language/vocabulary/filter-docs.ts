import type { FilterName } from '../../program/expression-vocabulary.ts';
import { doc, type NameDoc } from './name-doc.ts';

/** `value | filter(arguments)`. A filter never fails for a value that is missing. */
export const FILTER_DOCS: Readonly<Record<FilterName, NameDoc>> = {
  uppercase: doc('text | uppercase', 'In capital letters.'),
  lowercase: doc('text | lowercase', 'In small letters.'),
  capitalize: doc('text | capitalize', 'With the first letter in upper case.'),
  trim: doc('text | trim', 'Without white space at both ends.'),
  split: doc("text | split(',')", 'The parts between the separators, a comma unless given.'),
  join: doc("list | join(',')", 'The items as one text with the separator between, a comma unless given.'),
  length: doc('value | length', 'How many items of a list, characters of a text or keys of an object; 0 for a missing value.'),
  first: doc('list | first', 'The first item of a list or character of a text.'),
  last: doc('list | last', 'The last item of a list or character of a text.'),
  slice: doc('list | slice(start, end)', 'The items or characters from `start` to before `end`; negative numbers count from the end.'),
  reverse: doc('list | reverse', 'In reverse order.'),
  sort: doc("list | sort('field')", 'In ascending order, by a field or `x => …` if given; missing values last.'),
  unique: doc("list | unique('id')", 'Without items that equal an earlier one, by a field or `x => …` if given.'),
  abs: doc('number | abs', 'Without its sign.'),
  round: doc('number | round(places)', 'Rounded to that many decimal places, 0 unless given.'),
  floor: doc('number | floor(places)', 'Rounded down.'),
  ceil: doc('number | ceil(places)', 'Rounded up.'),
  sum: doc("list | sum('field')", 'The sum of the numbers, by a field or `x => …` if given; missing ones count nothing.'),
  min: doc("list | min('field')", 'The smallest number, by a field or `x => …` if given; undefined for an empty list.'),
  max: doc("list | max('field')", 'The largest number, by a field or `x => …` if given; undefined for an empty list.'),
  number: doc('value | number', 'As a number; undefined for what is none, so that `| default(0)` works behind it.'),
  string: doc('value | string', 'As text, the way it stands in a text: missing values are empty, lists and objects JSON.'),
  boolean: doc('value | boolean', 'True or false; of a text what it says: `false`, `no`, `off`, `0` and the empty one are false.'),
  json: doc('value | json(indent)', 'As JSON text.'),
  keys: doc('object | keys', 'The names of its properties.'),
  values: doc('object | values', 'The values of its properties.'),
  default: doc('value | default(other)', 'The value, or the other one in place of null and undefined.'),
};
