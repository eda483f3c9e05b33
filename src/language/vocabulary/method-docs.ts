import type {
  BOOLEAN_METHODS,
  DATE_METHODS,
  LIST_METHODS,
  NUMBER_METHODS,
  REGEX_METHODS,
  STRING_METHODS,
} from '../../program/expression-vocabulary.ts';
import { doc, type NameDoc } from './name-doc.ts';

type Docs<Names extends readonly string[]> = Readonly<Record<Names[number], NameDoc>>;

export const STRING_METHOD_DOCS: Docs<typeof STRING_METHODS> = {
  at: doc('text.at(index)', 'The character at the position; negative counts from the end.'),
  charAt: doc('text.charAt(index)', 'The character at the position, or an empty text.'),
  charCodeAt: doc('text.charCodeAt(index)', 'The UTF-16 unit at the position.'),
  codePointAt: doc('text.codePointAt(index)', 'The code point at the position.'),
  concat: doc('text.concat(…texts)', 'The texts joined.'),
  slice: doc('text.slice(start, end)', 'From `start` to before `end`; negative counts from the end.'),
  substring: doc('text.substring(start, end)', 'From `start` to before `end`.'),
  substr: doc('text.substr(start, length)', 'So many characters from `start`.'),
  split: doc('text.split(separator, limit)', 'The parts between the separators.'),
  repeat: doc('text.repeat(count)', 'The text so often.'),
  padStart: doc('text.padStart(length, fill)', 'Filled up at the front.'),
  padEnd: doc('text.padEnd(length, fill)', 'Filled up at the end.'),
  includes: doc('text.includes(part)', 'Whether it holds the part.'),
  startsWith: doc('text.startsWith(part)', 'Whether it begins so.'),
  endsWith: doc('text.endsWith(part)', 'Whether it ends so.'),
  indexOf: doc('text.indexOf(part)', 'Where the part first stands, or -1.'),
  lastIndexOf: doc('text.lastIndexOf(part)', 'Where the part last stands, or -1.'),
  localeCompare: doc('text.localeCompare(other)', 'Negative, 0 or positive: its place before or after the other one.'),
  search: doc('text.search(/…/)', 'Where the pattern first fits, or -1.'),
  match: doc('text.match(/…/)', 'What the pattern matched: the whole and its groups, all matches with `g`; null when nothing fits.'),
  matchAll: doc('text.matchAll(/…/g)', 'A list of all matches, each the whole and its groups.'),
  replace: doc('text.replace(pattern, replacement)', 'With the first match replaced (all with `/…/g`).'),
  replaceAll: doc('text.replaceAll(pattern, replacement)', 'With all matches replaced.'),
  toLowerCase: doc('text.toLowerCase()', 'In small letters.'),
  toUpperCase: doc('text.toUpperCase()', 'In capital letters.'),
  toLocaleLowerCase: doc('text.toLocaleLowerCase()', 'In small letters.'),
  toLocaleUpperCase: doc('text.toLocaleUpperCase()', 'In capital letters.'),
  trim: doc('text.trim()', 'Without white space at both ends.'),
  trimStart: doc('text.trimStart()', 'Without white space at the front.'),
  trimEnd: doc('text.trimEnd()', 'Without white space at the end.'),
  normalize: doc("text.normalize('NFC')", 'In a Unicode normalization form.'),
  isWellFormed: doc('text.isWellFormed()', 'Whether it has no lone surrogates.'),
  toWellFormed: doc('text.toWellFormed()', 'With lone surrogates replaced.'),
  toString: doc('text.toString()', 'The text itself.'),
  valueOf: doc('text.valueOf()', 'The text itself.'),
};

export const LIST_METHOD_DOCS: Docs<typeof LIST_METHODS> = {
  at: doc('list.at(index)', 'The item at the position; negative counts from the end.'),
  concat: doc('list.concat(…lists)', 'The lists joined.'),
  slice: doc('list.slice(start, end)', 'The items from `start` to before `end`; negative counts from the end.'),
  flat: doc('list.flat(depth)', 'With the items of inner lists in their place.'),
  join: doc('list.join(separator)', 'The items as one text.'),
  reverse: doc('list.reverse()', 'A copy in reverse order.'),
  toReversed: doc('list.toReversed()', 'A copy in reverse order.'),
  toSpliced: doc('list.toSpliced(start, count, …items)', 'A copy with so many items taken out and others put in.'),
  with: doc('list.with(index, item)', 'A copy with one item replaced.'),
  keys: doc('list.keys()', 'A list of the positions.'),
  values: doc('list.values()', 'A list of the items.'),
  entries: doc('list.entries()', 'A list of `[position, item]`.'),
  includes: doc('list.includes(item)', 'Whether it holds the item.'),
  indexOf: doc('list.indexOf(item)', 'Where the item first stands, or -1.'),
  lastIndexOf: doc('list.lastIndexOf(item)', 'Where the item last stands, or -1.'),
  every: doc('list.every(x => …)', 'Whether it holds for all items.'),
  some: doc('list.some(x => …)', 'Whether it holds for an item.'),
  filter: doc('list.filter(x => …)', 'The items for which it holds.'),
  find: doc('list.find(x => …)', 'The first item for which it holds, or undefined.'),
  findIndex: doc('list.findIndex(x => …)', 'Where the first such item stands, or -1.'),
  findLast: doc('list.findLast(x => …)', 'The last item for which it holds, or undefined.'),
  findLastIndex: doc('list.findLastIndex(x => …)', 'Where the last such item stands, or -1.'),
  map: doc('list.map(x => …)', 'What it gives for each item.'),
  flatMap: doc('list.flatMap(x => …)', 'What it gives for each item, lists laid out flat.'),
  reduce: doc('list.reduce((sum, x) => …, start)', 'Goes through the items, handing on a value.'),
  reduceRight: doc('list.reduceRight((sum, x) => …, start)', 'The same from the end.'),
  sort: doc('list.sort((a, b) => …)', 'A sorted copy; without a function by text.'),
  toSorted: doc('list.toSorted((a, b) => …)', 'A sorted copy; without a function by text.'),
  toString: doc('list.toString()', 'The items as text with commas between.'),
};

export const NUMBER_METHOD_DOCS: Docs<typeof NUMBER_METHODS> = {
  toFixed: doc('number.toFixed(places)', 'As text with so many decimal places.'),
  toPrecision: doc('number.toPrecision(digits)', 'As text with so many digits.'),
  toExponential: doc('number.toExponential(places)', 'As text with an exponent.'),
  toString: doc('number.toString(base)', 'As text, in a base from 2 to 36.'),
  toLocaleString: doc('number.toLocaleString()', 'As text with grouped thousands.'),
  valueOf: doc('number.valueOf()', 'The number itself.'),
};

export const BOOLEAN_METHOD_DOCS: Docs<typeof BOOLEAN_METHODS> = {
  toString: doc('boolean.toString()', '`true` or `false` as text.'),
  valueOf: doc('boolean.valueOf()', 'The value itself.'),
};

const part = (name: string, what: string): NameDoc => doc(`date.${name}()`, what);
export const DATE_METHOD_DOCS: Docs<typeof DATE_METHODS> = {
  getTime: part('getTime', 'Milliseconds since 1970.'),
  getFullYear: part('getFullYear', 'The year.'),
  getMonth: part('getMonth', 'The month, from 0.'),
  getDate: part('getDate', 'The day of the month, from 1.'),
  getDay: part('getDay', 'The weekday; 0 is Sunday.'),
  getHours: part('getHours', 'The hour.'),
  getMinutes: part('getMinutes', 'The minute.'),
  getSeconds: part('getSeconds', 'The second.'),
  getMilliseconds: part('getMilliseconds', 'The millisecond.'),
  getTimezoneOffset: part('getTimezoneOffset', 'Minutes to UTC.'),
  getUTCFullYear: part('getUTCFullYear', 'The year, in UTC.'),
  getUTCMonth: part('getUTCMonth', 'The month from 0, in UTC.'),
  getUTCDate: part('getUTCDate', 'The day of the month, in UTC.'),
  getUTCDay: part('getUTCDay', 'The weekday, in UTC; 0 is Sunday.'),
  getUTCHours: part('getUTCHours', 'The hour, in UTC.'),
  getUTCMinutes: part('getUTCMinutes', 'The minute, in UTC.'),
  getUTCSeconds: part('getUTCSeconds', 'The second, in UTC.'),
  getUTCMilliseconds: part('getUTCMilliseconds', 'The millisecond, in UTC.'),
  toISOString: part('toISOString', 'As text such as `2026-11-02T09:00:00.000Z`.'),
  toJSON: part('toJSON', 'The same as `toISOString`.'),
  toString: part('toString', 'As text for people.'),
  valueOf: part('valueOf', 'Milliseconds since 1970.'),
};

export const REGEX_METHOD_DOCS: Docs<typeof REGEX_METHODS> = {
  test: doc('/…/.test(text)', 'Whether the pattern fits anywhere.'),
  exec: doc('/…/.exec(text)', 'The first match and its groups, or null.'),
};

/** Methods by the kind of value that has them. */
export const METHOD_DOCS = {
  string: STRING_METHOD_DOCS,
  list: LIST_METHOD_DOCS,
  number: NUMBER_METHOD_DOCS,
  boolean: BOOLEAN_METHOD_DOCS,
  date: DATE_METHOD_DOCS,
  regex: REGEX_METHOD_DOCS,
} as const;
export type MethodOwner = keyof typeof METHOD_DOCS;
