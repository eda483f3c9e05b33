import type { Fix } from '../../program/diagnostic.ts';
import type { Located, LocatedEntry, LocatedList, LocatedMapping } from '../document/located.ts';
import type { AgentModel } from '../model/body-model.ts';
import type { Word } from '../model/fields.ts';

/** Names that stand in YAML without quotes and mean text there. */
const PLAIN_KEY = /^(?!(?:true|false|null)$)[A-Za-z_][A-Za-z0-9_-]*$/i;
/** An anchor: what it names may stand at several places, so that a change here would be one there. */
const ANCHOR = /(?:^|[\s[{,:-])[&*][\w-]/m;
const COMMA = /^[ \t]*,[ \t]*$/;
/** From one item of a block list to the next. */
const DASH = /^[ \t]*\r?\n[ \t]*-[ \t]+$/;

/** What can be changed in the `use` list of one agent. */
export interface UseList {
  /**
   * Takes a word out; the list's key as well when nothing is left in it. Undefined where the layout is not plain enough to leave all else as it
   * was: comments, several lines, anchors.
   */
  remove(word: Word): Fix | undefined;
  /** Adds a key to the list, which is made where there is none. */
  add(key: string): Fix | undefined;
}

/** The `use` lists of a file's agents, each looked at when it is first asked for. */
export function openUseLists(text: string): (agent: AgentModel) => UseList {
  const opened = new Map<AgentModel, UseList>();
  let hasAnchors: boolean | undefined;
  return (agent) => {
    hasAnchors ??= ANCHOR.test(text);
    const known = opened.get(agent) ?? openUseList(agent, text, hasAnchors ? undefined : findUse(agent));
    opened.set(agent, known);
    return known;
  };
}

function openUseList(agent: AgentModel, text: string, found: FoundUse | undefined): UseList {
  const indexes = new Map(found?.list?.items.map(({ span }, index) => [span, index]));
  return {
    remove(word) {
      const index = indexes.get(word.span);
      if (found?.list === undefined || index === undefined) return undefined;
      const stretch = indexes.size > 1 ? itemStretch(found.list, index, text) : listStretch(found, agent, text);
      return stretch && { description: `take \`${word.text}\` out of \`use\``, ...stretch, text: '' };
    },
    add(key) {
      if (found === undefined || !PLAIN_KEY.test(key)) return undefined;
      const edit =
        found.list !== undefined
          ? addToList(found.list, key, text)
          : found.state !== undefined
            ? addToState(found.state, key, text)
            : addState(agent.source, key, text);
      return edit && { description: `add \`${key}\` to \`use\``, ...edit };
    },
  };
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

interface FoundUse {
  readonly stateEntry?: LocatedEntry;
  readonly state?: LocatedMapping;
  readonly useEntry?: LocatedEntry;
  readonly list?: LocatedList;
}

/** Undefined when something else stands in the place of the list or of the mapping around it. */
function findUse(agent: AgentModel): FoundUse | undefined {
  const stateEntry = entryOf(agent.source, 'state');
  if (stateEntry === undefined) return {};
  const state = stateEntry.value;
  if (state.kind !== 'mapping') return undefined;
  const useEntry = entryOf(state, 'use');
  if (useEntry === undefined) return { stateEntry, state };
  return useEntry.value.kind === 'list' ? { stateEntry, state, useEntry, list: useEntry.value } : undefined;
}

const entryOf = (mapping: LocatedMapping, key: string): LocatedEntry | undefined => mapping.entries.find((entry) => entry.key.text === key);

const isFlow = ({ span }: Located, text: string): boolean => /[[{]/.test(text.charAt(span.start));

function itemStretch({ items, span }: LocatedList, index: number, text: string): Stretch | undefined {
  const item = items[index]?.span;
  if (item === undefined) return undefined;
  const [before, after] = [items[index - 1]?.span, items[index + 1]?.span];
  if (text[span.start] === '[') return betweenParts(before, item, after, text, COMMA);
  const isLast = text.slice(item.end, lineEnd(text, item.end)).trim() === '';
  return isLast ? betweenParts(before, item, after, text, DASH) : undefined;
}

/** One of several parts, with what parts it from the next one or the one before. All of them cannot go at once: the stretches of the first two overlap. */
function betweenParts(
  before: Stretch | undefined,
  part: Stretch,
  after: Stretch | undefined,
  text: string,
  separator: RegExp,
): Stretch | undefined {
  const isPlain = (start: number, end: number) => separator.test(text.slice(start, end));
  if (before !== undefined) return isPlain(before.end, part.start) ? { start: before.end, end: part.end } : undefined;
  if (after !== undefined) return isPlain(part.end, after.start) ? { start: part.start, end: after.start } : undefined;
  return undefined;
}

/** The `use` key with its list, or the `state` key when there is nothing else in it. */
function listStretch({ stateEntry, state, useEntry }: FoundUse, agent: AgentModel, text: string): Stretch | undefined {
  if (stateEntry === undefined || state === undefined || useEntry === undefined) return undefined;
  if (state.entries.length === 1)
    return isFlow(agent.source, text) || agent.source.entries.length === 1 ? undefined : entryLines(stateEntry, text);
  if (!isFlow(state, text)) return entryLines(useEntry, text);
  const at = state.entries.indexOf(useEntry);
  return betweenParts(extentOf(state.entries[at - 1]), extentOf(useEntry), extentOf(state.entries[at + 1]), text, COMMA);
}

function extentOf(entry: LocatedEntry): Stretch;
function extentOf(entry: LocatedEntry | undefined): Stretch | undefined;
function extentOf(entry: LocatedEntry | undefined): Stretch | undefined {
  return entry && { start: entry.key.span.start, end: entry.value.span.end };
}

function entryLines({ key, value }: LocatedEntry, text: string): Stretch | undefined {
  if (text.slice(key.span.start, value.span.end).includes('#')) return undefined;
  return wholeLines(key.span.start, value.span.end, text, /^[ \t]*$/);
}

/** The lines of a stretch, when nothing else stands on them but `lead` before it. */
function wholeLines(start: number, end: number, text: string, lead: RegExp): Stretch | undefined {
  const from = lineStart(text, start);
  const newline = text.indexOf('\n', end);
  const to = newline === -1 ? text.length : newline + 1;
  if (!lead.test(text.slice(from, start)) || text.slice(end, to).trim() !== '') return undefined;
  return { start: from, end: to };
}

type Edit = Stretch & { readonly text: string };

/** Each edit replaces a stretch that is not empty, so that of two that touch the same list only one is made at a time. */
function addToList({ items, span }: LocatedList, key: string, text: string): Edit | undefined {
  const last = items.at(-1)?.span;
  if (text[span.start] === '[') {
    if (last === undefined) return { start: span.start, end: span.end, text: `[${key}]` };
    return { ...stretchOf(last), text: `${text.slice(last.start, last.end)}, ${key}` };
  }
  if (last === undefined) return undefined;
  const lead = text.slice(lineStart(text, last.start), last.start);
  if (!/^[ \t]*-[ \t]+$/.test(lead)) return undefined;
  const end = lineEnd(text, last.end);
  return { start: last.start, end, text: `${text.slice(last.start, end)}${newlineOf(text)}${lead}${key}` };
}

function addToState(state: LocatedMapping, key: string, text: string): Edit | undefined {
  const first = state.entries[0]?.key.span;
  if (first === undefined) return undefined;
  const written = text.slice(first.start, first.end);
  if (isFlow(state, text)) return { ...stretchOf(first), text: `use: [${key}], ${written}` };
  const indent = text.slice(lineStart(text, first.start), first.start);
  if (!/^[ \t]*$/.test(indent)) return undefined;
  return { ...stretchOf(first), text: `use: [${key}]${newlineOf(text)}${indent}${written}` };
}

/** `state: { use: [key] }` as the last line of the agent. */
function addState(agent: LocatedMapping, key: string, text: string): Edit | undefined {
  const first = agent.entries[0]?.key.span;
  const last = agent.entries.at(-1)?.value.span;
  if (first === undefined || last === undefined || isFlow(agent, text) || last.end <= last.start) return undefined;
  const indent = text.slice(lineStart(text, first.start), first.start).replace('-', ' ');
  // After a block scalar that keeps its last empty lines (`|+`), a new line would take them away from it.
  if (!/^[ \t]*$/.test(indent) || /^[|>]\d?\+/.test(text.slice(last.start, last.end))) return undefined;
  const end = lineEnd(text, last.end);
  const start = last.end - 1;
  return { start, end, text: `${text.slice(start, end)}${newlineOf(text)}${indent}state: { use: [${key}] }` };
}

const stretchOf = ({ start, end }: Stretch): Stretch => ({ start, end });

const newlineOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

/** Before the line's own end. */
function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  if (newline === -1) return text.length;
  return text[newline - 1] === '\r' && newline > at ? newline - 1 : newline;
}
