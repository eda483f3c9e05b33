import { checkList, spend } from '../limits.ts';
import type { Pattern } from './pattern.ts';

/**
 * One match as a list: the whole, then the groups. `index` and `groups` can be read but are no part of the data that leaves the expression.
 */
export function matchToList(found: RegExpExecArray): readonly unknown[] {
  const list: unknown[] = [...found];
  Object.defineProperty(list, 'index', { value: found.index });
  Object.defineProperty(list, 'groups', { value: found.groups === undefined ? undefined : { ...found.groups } });
  return list;
}

/** All matches of a pattern from left to right; just the first one without the `g` flag. */
export function findMatches(text: string, pattern: Pattern): readonly RegExpExecArray[] {
  const regex = pattern.on(text);
  const matches: RegExpExecArray[] = [];
  for (let found = regex.exec(text); found !== null; found = regex.exec(text)) {
    spend(1);
    checkList(matches.length + 1);
    matches.push(found);
    if (!pattern.global) break;
    // An empty match would be found again and again.
    if (found[0] === '') regex.lastIndex += regex.unicode && (text.codePointAt(regex.lastIndex) ?? 0) > 0xffff ? 2 : 1;
  }
  regex.lastIndex = 0;
  return matches;
}
