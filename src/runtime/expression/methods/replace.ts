import { failure } from '../../failure.ts';
import { kindOf, toText } from '../coerce.ts';
import { checkString, spend, spendSearch, work } from '../limits.ts';
import { findMatches } from './match.ts';
import { Pattern } from './pattern.ts';

interface Occurrence {
  readonly index: number;
  readonly text: string;
  readonly groups: readonly (string | undefined)[];
  readonly named: Readonly<Record<string, string>> | undefined;
}

/**
 * `replace` and `replaceAll` as JavaScript has them: a string is looked for literally, `$1`, `$&`, `$<name>` … stand for parts of the match in a
 * replacement that is text, and a function gets the match, its groups, its index and the whole text. The result grows under the limit of a string.
 */
export function replaceIn(text: string, search: unknown, replacement: unknown, all: boolean): string {
  if (search instanceof Pattern && all && !search.global) {
    throw failure('EXPRESSION', '.replaceAll() takes a regular expression with the flag g, as in /a/g');
  }
  const occurrences = search instanceof Pattern ? findMatches(text, search).map(fromMatch) : findText(text, toText(search), all);
  const template = typeof replacement === 'function' ? undefined : toText(replacement);
  let result = '';
  let done = 0;
  for (const occurrence of occurrences) {
    const instead = template === undefined ? callReplacement(replacement, occurrence, text) : expand(template, occurrence, text);
    result += text.slice(done, occurrence.index) + instead;
    if (result.length > 1_048_576) checkString(result.length);
    done = occurrence.index + occurrence.text.length;
  }
  result += text.slice(done);
  checkString(result.length);
  return result;
}

function fromMatch(found: RegExpExecArray): Occurrence {
  return { index: found.index, text: found[0], groups: found.slice(1), named: found.groups };
}

function findText(text: string, search: string, all: boolean): readonly Occurrence[] {
  const occurrences: Occurrence[] = [];
  spendSearch(text.length, search.length);
  for (let index = text.indexOf(search); index !== -1; index = text.indexOf(search, index + Math.max(1, search.length))) {
    spend(1);
    occurrences.push({ index, text: search, groups: [], named: undefined });
    // An empty text is found between all characters, and at the end once.
    if (!all || index >= text.length) break;
  }
  return occurrences;
}

function callReplacement(replacement: unknown, occurrence: Occurrence, text: string): string {
  if (typeof replacement !== 'function') throw failure('EXPRESSION', `.replace() takes a text or a function, not ${kindOf(replacement)}`);
  const named = occurrence.named === undefined ? [] : [{ ...occurrence.named }];
  return toText(replacement(occurrence.text, ...occurrence.groups, occurrence.index, text, ...named));
}

const REFERENCE = /\$(?:([$&`'])|(\d{1,2})|<([^>]*)>)/g;

/** The replacement with its `$` references filled in (ECMAScript GetSubstitution). */
function expand(template: string, occurrence: Occurrence, text: string): string {
  if (!template.includes('$')) return template;
  work(400 + template.length * 20);
  let result = '';
  let done = 0;
  for (const found of template.matchAll(REFERENCE)) {
    const [whole, sign, digits, name] = found;
    let value: string | undefined;
    let length = whole.length;
    if (sign !== undefined) value = partOf(sign, occurrence, text);
    else if (digits !== undefined) {
      const two = Number(digits);
      const useTwo = two >= 1 && two <= occurrence.groups.length;
      const one = Number(digits[0]);
      if (useTwo) value = occurrence.groups[two - 1] ?? '';
      else if (one >= 1 && one <= occurrence.groups.length) {
        value = occurrence.groups[one - 1] ?? '';
        length = 2;
      }
    } else if (occurrence.named !== undefined)
      value = Object.hasOwn(occurrence.named, name ?? '') ? (occurrence.named[name ?? ''] ?? '') : '';
    if (value === undefined) continue;
    result += template.slice(done, found.index) + value;
    checkString(result.length);
    done = found.index + length;
  }
  return result + template.slice(done);
}

function partOf(sign: string, occurrence: Occurrence, text: string): string {
  if (sign === '$') return '$';
  if (sign === '&') return occurrence.text;
  return sign === '`' ? text.slice(0, occurrence.index) : text.slice(occurrence.index + occurrence.text.length);
}
