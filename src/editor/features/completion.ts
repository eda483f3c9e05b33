import type { Entry } from '../completion/entry.ts';
import { memberEntries } from '../completion/members.ts';
import { filterEntries, nameEntries } from '../completion/names.ts';
import { ruleEntries } from '../completion/rules.ts';
import { keyEntries } from '../completion/yaml-keys.ts';
import { valueEntries } from '../completion/yaml-values.ts';
import type { Cursor } from '../cursor/cursor.ts';

/** What can be written at the cursor, each label once; the editor sorts out what fits the word that is begun. */
export function complete(cursor: Cursor): readonly Entry[] {
  const { snapshot, offset, expression, place } = cursor;
  const rules = ruleEntries(snapshot.text, offset, new Set(snapshot.findings.map(({ code }) => code)));
  if (rules !== undefined) return rules;
  if (expression !== undefined) return expressionEntries(cursor);
  if (place === undefined || place.scalar.style === 'block') return [];
  const entries = [
    ...(place.role === 'value' ? [] : keyEntries(cursor, place)),
    ...(place.role === 'key' ? [] : valueEntries(cursor, place)),
  ];
  return [...new Map(entries.map((entry) => [entry.label, entry])).values()];
}

function expressionEntries(cursor: Cursor): readonly Entry[] {
  const { expression } = cursor;
  if (expression === undefined) return [];
  const { place, chain } = expression;
  const stretch = { start: place.start + (chain.token?.start ?? place.at), end: place.start + (chain.token?.end ?? place.at) };
  switch (chain.role) {
    case 'filter':
      return filterEntries(stretch);
    case 'member':
      return memberEntries(cursor, chain, stretch);
    case 'name':
      return chain.token === undefined && (place.dialect === 'code' || isAfterOperand(place.source.slice(0, place.at)))
        ? []
        : nameEntries(cursor, stretch);
    case 'text':
      return [];
    default:
      return chain.role satisfies never;
  }
}

/** Behind a value an operator is due, no name. */
function isAfterOperand(source: string): boolean {
  const before = source.slice(-200).trimEnd();
  return /[\w$)\]}"'`]$/.test(before) && !/(?:^|[^\w$.])(?:typeof|in|void|new)$/.test(before);
}
