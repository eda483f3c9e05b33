import type { STRING_METHODS as NAMES } from '../../../program/expression-vocabulary.ts';
import { failure } from '../../failure.ts';
import { kindOf, optionalInteger, optionalText, toInteger, toText } from '../coerce.ts';
import { checkList, checkString, MAX_LIST, spendSearch, spendText } from '../limits.ts';
import { changeCase, compareTexts } from '../locale.ts';
import { findMatches, matchToList } from './match.ts';
import type { Method } from './method.ts';
import { Pattern } from './pattern.ts';
import { replaceIn } from './replace.ts';

/** JavaScript's methods of strings that change nothing. Sizes are checked before anything is made. */
export const STRING_METHODS: Readonly<Record<(typeof NAMES)[number], Method<string>>> = {
  at: (text, [index]) => text.at(toInteger(index)),
  charAt: (text, [index]) => text.charAt(toInteger(index)),
  charCodeAt: (text, [index]) => text.charCodeAt(toInteger(index)),
  codePointAt: (text, [index]) => text.codePointAt(toInteger(index)),
  concat: (text, args) => {
    let result = text;
    for (const arg of args) {
      result += toText(arg);
      checkString(result.length);
    }
    return result;
  },
  slice: (text, [start, end]) => made(text.slice(optionalInteger(start), optionalInteger(end))),
  substring: (text, [start, end]) => made(text.substring(toInteger(start), optionalInteger(end))),
  substr: (text, [start, length]) => {
    const from = toInteger(start);
    const first = from < 0 ? Math.max(0, text.length + from) : from;
    return made(text.slice(first, length === undefined ? undefined : first + Math.max(0, toInteger(length))));
  },
  split: (text, [separator, limit]) => splitText(text, separator, limit),
  repeat: (text, [count]) => {
    const times = toInteger(count);
    if (times < 0 || times === Number.POSITIVE_INFINITY) throw failure('EXPRESSION', `.repeat() takes a number from 0 on, not ${times}`);
    checkString(text.length * times);
    return text.repeat(times);
  },
  padStart: (text, [length, fill]) => text.padStart(checkedLength(text, length), optionalText(fill)),
  padEnd: (text, [length, fill]) => text.padEnd(checkedLength(text, length), optionalText(fill)),
  includes: (text, [search, from]) => text.includes(searchedFor(text, plainText(search, 'includes')), optionalInteger(from)),
  startsWith: (text, [search, from]) => read(text).startsWith(plainText(search, 'startsWith'), optionalInteger(from)),
  endsWith: (text, [search, end]) => read(text).endsWith(plainText(search, 'endsWith'), optionalInteger(end)),
  indexOf: (text, [search, from]) => text.indexOf(searchedFor(text, toText(search)), optionalInteger(from)),
  lastIndexOf: (text, [search, from]) => text.lastIndexOf(searchedFor(text, toText(search)), optionalInteger(from)),
  localeCompare: (text, [other, locale]) => compareTexts(text, toText(other), optionalText(locale)),
  search: (text, [pattern]) => requirePattern(pattern, 'search').on(text).exec(text)?.index ?? -1,
  match: (text, [pattern]) => {
    const asked = requirePattern(pattern, 'match');
    const matches = findMatches(text, asked);
    if (matches.length === 0) return null;
    return asked.global ? matches.map((found) => found[0]) : matchToList(matches[0] as RegExpExecArray);
  },
  matchAll: (text, [pattern]) => {
    const asked = requirePattern(pattern, 'matchAll');
    if (!asked.global) throw failure('EXPRESSION', '.matchAll() takes a regular expression with the flag g, as in /a/g');
    return findMatches(text, asked).map(matchToList);
  },
  replace: (text, [search, replacement]) => replaceIn(text, search, replacement, false),
  replaceAll: (text, [search, replacement]) => replaceIn(text, search, replacement, true),
  toLowerCase: (text) => made(changed(text).toLowerCase()),
  toUpperCase: (text) => made(changed(text).toUpperCase()),
  toLocaleLowerCase: (text, [locale]) => made(changeCase(text, 'toLocaleLowerCase', optionalText(locale))),
  toLocaleUpperCase: (text, [locale]) => made(changeCase(text, 'toLocaleUpperCase', optionalText(locale))),
  trim: (text) => read(text).trim(),
  trimStart: (text) => read(text).trimStart(),
  trimEnd: (text) => read(text).trimEnd(),
  normalize: (text, [form]) => {
    // Some characters become eighteen.
    spendText(text.length, 60);
    return made(text.normalize(optionalText(form)));
  },
  isWellFormed: (text) => read(text).isWellFormed(),
  toWellFormed: (text) => made(text.toWellFormed()),
  toString: (text) => text,
  valueOf: (text) => text,
};

/** Beyond Latin a character's other case is looked up. */
function changed(text: string): string {
  spendText(text.length, 5);
  return text;
}

/** A result that is about as long as what it was made from. */
function made(text: string): string {
  checkString(text.length);
  return text;
}

function read(text: string): string {
  spendText(text.length);
  return text;
}

function checkedLength(text: string, length: unknown): number {
  const wanted = toInteger(length);
  checkString(Math.max(text.length, wanted));
  return wanted;
}

function plainText(search: unknown, method: string): string {
  if (search instanceof Pattern) throw failure('EXPRESSION', `.${method}() takes a text, not a regular expression`);
  return toText(search);
}

/** Accounts for looking for one text in another, which may compare each character of both with each other. */
function searchedFor(text: string, search: string): string {
  spendSearch(text.length, search.length);
  return search;
}

/** Text never becomes a regular expression: what an author or data holds is looked for literally or not at all. */
function requirePattern(value: unknown, method: string): Pattern {
  if (value instanceof Pattern) return value;
  throw failure('EXPRESSION', `.${method}() takes a regular expression, as in .${method}(/[a-z]+/), not ${kindOf(value)}`);
}

function splitText(text: string, separator: unknown, limit: unknown): readonly string[] {
  spendText(text.length);
  const most = limit === undefined ? MAX_LIST + 1 : Math.min(toInteger(limit) >>> 0, MAX_LIST + 1);
  if (separator === undefined) return most === 0 ? [] : [text];
  const parts =
    separator instanceof Pattern ? text.split(separator.on(text), most) : text.split(searchedFor(text, toText(separator)), most);
  checkList(parts.length);
  return parts;
}
