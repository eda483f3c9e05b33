import { BUILTIN_DOCS } from '../../language/vocabulary/builtin-docs.ts';
import { FILTER_DOCS } from '../../language/vocabulary/filter-docs.ts';
import type { NameDoc } from '../../language/vocabulary/name-doc.ts';
import { ROOT_DOCS } from '../../language/vocabulary/root-docs.ts';
import { ROOT_NAMES, type RootName } from '../../program/expression.ts';
import type { Cursor } from '../cursor/cursor.ts';
import { nodeAt, type Path, textAt } from '../cursor/place-at.ts';
import { agentDoc } from '../docs/agent-doc.ts';
import { docText } from '../docs/expression-doc.ts';
import { agentAround } from '../names/agent-around.ts';
import type { OutlineAgent } from '../names/outline-agents.ts';
import type { Entry } from './entry.ts';

type Stretch = Pick<Entry, 'start' | 'end'>;

/** What an expression can begin with: agents that have run by then, roots, and the functions of the language. */
export function nameEntries(cursor: Cursor, stretch: Stretch): readonly Entry[] {
  const isCode = cursor.expression?.place.dialect === 'code';
  if (isReducer(cursor)) return [...reducerEntries(stretch), ...builtinEntries(stretch)];
  const agents = agentsBefore(cursor).map(
    ({ name, source }): Entry => ({
      label: name,
      kind: 'agent',
      detail: ['operation', 'agent', 'ensemble', 'type'].map((key) => textAt(source, [key])).find((text) => text !== undefined),
      doc: agentDoc(cursor.snapshot, name),
      rank: 1,
      ...stretch,
    }),
  );
  const roots = rootsAt(cursor).map((name): Entry => ({ label: name, kind: 'root', doc: docText(ROOT_DOCS[name]), rank: 2, ...stretch }));
  return [...agents, ...roots, ...(isCode ? codeEntries(stretch) : builtinEntries(stretch))];
}

/** The agents of the file whose results there may be at the cursor, the nearest first. Behind all agents, as in `output`, that is all. */
export function agentsBefore(cursor: Cursor): readonly OutlineAgent[] {
  const path = cursor.place?.path ?? [];
  const around = agentAround(cursor);
  const isInside = (agent: OutlineAgent): boolean => agent.path.length > 0 && agent.path.every((step, index) => path[index] === step);
  const isAfter = around?.inside[0] === 'state' && around.inside[1] === 'set';
  const limit = path.length > 1 && isStepList(path[0]) ? cursor.offset : Number.POSITIVE_INFINITY;
  return cursor.agents
    .filter((agent) => agent.start < limit && (!isInside(agent) || (isAfter && agent.name === around?.outline.name)))
    .toReversed();
}

const isStepList = (key: Path[number] | undefined): boolean => key === 'agents' || key === 'operations';

/** Roots that have a value at the cursor (LANGUAGE §3.2). */
function rootsAt({ place, outline, expression }: Cursor): readonly RootName[] {
  const path = place?.path ?? [];
  const around = path.map((_, length) => path.slice(0, length));
  const isLoop = around.some(
    (each) =>
      ['foreach', 'map-reduce'].includes(textAt(outline, [...each, 'type']) ?? '') ||
      (each.length > 1 && nodeAt(outline, [...each, 'loop']) !== undefined),
  );
  const has: Readonly<Partial<Record<RootName, boolean>>> = {
    item: isLoop,
    index: isLoop,
    loop: isLoop,
    error: ['onError', 'on_error', 'catch'].some((key) => path.includes(key)),
    mapResults: path.includes('reduce'),
    run: expression?.place.dialect !== 'code',
  };
  return ROOT_NAMES.filter((name) => has[name] ?? true);
}

function isReducer({ place }: Cursor): boolean {
  const [root, part, , setting] = place?.path ?? [];
  return root === 'state' && part === 'schema' && setting === 'reducer';
}

/** All that a reducer of the author's own reads (LANGUAGE §4.4). */
function reducerEntries(stretch: Stretch): readonly Entry[] {
  const given: readonly (readonly [string, string])[] = [
    ['current', 'What the key holds; undefined while it has no value.'],
    ['incoming', 'What is written to it.'],
  ];
  return given.map(([label, doc]) => ({ label, kind: 'root', doc, rank: 1, ...stretch }));
}

/** What a code body is given beside the roots (LANGUAGE §5). */
function codeEntries(stretch: Stretch): readonly Entry[] {
  const given: readonly (readonly [string, string])[] = [
    ['setState', 'Sets state keys that the agent’s `set` lists: `setState({ total: 1 })`.'],
    ['console', 'What is written to it becomes the agent’s logs.'],
    ['signal', 'The `AbortSignal` that fires when the attempt is cancelled.'],
  ];
  return given.map(([label, doc]) => ({ label, kind: 'function', doc, rank: 3, ...stretch }));
}

/** Namespaces once; functions by their name. */
function builtinEntries(stretch: Stretch): readonly Entry[] {
  const entries = new Map<string, Entry>();
  for (const [name, doc] of BUILTIN_DOCS) {
    const [label = name, member] = name.split('.');
    if (entries.has(label)) continue;
    entries.set(label, {
      label,
      kind: member === undefined ? 'function' : 'constant',
      doc: member === undefined ? docText(doc) : undefined,
      rank: 7,
      ...stretch,
    });
  }
  return [...entries.values()];
}

/** `Math.` and its like; undefined when the name is no namespace. */
export function namespaceEntries(namespace: string, stretch: Stretch): readonly Entry[] | undefined {
  const members = [...BUILTIN_DOCS].filter(([name]) => name.startsWith(`${namespace}.`));
  if (members.length === 0) return undefined;
  return members.map(([name, doc]) => functionEntry(name.slice(namespace.length + 1), doc, 'function', stretch));
}

export function filterEntries(stretch: Stretch): readonly Entry[] {
  return Object.entries(FILTER_DOCS).map(([name, doc]) => functionEntry(name, doc, 'filter', stretch));
}

/** With its parentheses, when it takes arguments. */
export function functionEntry(name: string, doc: NameDoc, kind: 'function' | 'method' | 'filter', stretch: Stretch, rank = 5): Entry {
  const parameters = /\(([^()]*)\)$/.exec(doc.signature)?.[1];
  const detail = doc.signature;
  const snippet = parameters === undefined || kind === 'filter' ? undefined : parameters === '' ? `${name}()` : `${name}($0)`;
  return { label: name, kind, detail, doc: docText(doc), rank, ...(snippet !== undefined && { snippet }), ...stretch };
}
