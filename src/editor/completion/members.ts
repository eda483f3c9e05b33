import { methodsOf, receiverOf } from '../../language/types/infer/receiver.ts';
import { renderType } from '../../language/types/render-type.ts';
import { membersOf, type Property, type Type } from '../../language/types/type.ts';
import { unionOf } from '../../language/types/union.ts';
import { METHOD_DOCS } from '../../language/vocabulary/method-docs.ts';
import { RESULT_DOCS, RESULT_FIELD_OPERATIONS } from '../../language/vocabulary/root-docs.ts';
import type { Chain } from '../cursor/chain-at.ts';
import type { Cursor } from '../cursor/cursor.ts';
import { textAt } from '../cursor/place-at.ts';
import { docText } from '../docs/expression-doc.ts';
import { plainText } from '../markdown.ts';
import { agentAround } from '../names/agent-around.ts';
import { typeBeforeDot } from '../types/type-at.ts';
import type { Entry } from './entry.ts';
import { functionEntry, namespaceEntries } from './names.ts';

type Stretch = Pick<Entry, 'start' | 'end'>;

/** What can follow a dot: the properties of the value before it, and the methods of its kind. */
export function memberEntries(cursor: Cursor, chain: Chain, stretch: Stretch): readonly Entry[] {
  const [head = '', ...rest] = chain.path ?? [];
  const isFirst = rest.length === 1;
  const dialect = cursor.expression?.place.dialect;
  if (isFirst) {
    const agent = cursor.agents.find(({ name }) => name === head);
    if (agent !== undefined) return resultEntries(cursor, textAt(agent.source, ['operation']), stretch);
    if (head === 'env') return (cursor.snapshot.project.variables() ?? []).map((label): Entry => ({ label, kind: 'property', ...stretch }));
    const functions = dialect === 'code' ? undefined : namespaceEntries(head, stretch);
    if (functions !== undefined) return functions;
  }
  const type = typeBeforeDot(cursor);
  const methods = dialect === 'jexl' || (dialect === 'code' && type.kind === 'unknown') ? [] : methodEntries(type, stretch);
  const used = head === 'state' && isFirst ? usedKeys(cursor) : undefined;
  return [...propertyEntries(cursor, type, stretch, used), ...methods];
}

/** What an agent leaves behind (LANGUAGE §2.1), but for what only other operations do. */
function resultEntries(cursor: Cursor, operation: string | undefined, stretch: Stretch): readonly Entry[] {
  const type = typeBeforeDot(cursor);
  return Object.entries(RESULT_DOCS).flatMap(([label, doc], index): Entry[] => {
    const only = RESULT_FIELD_OPERATIONS.get(label);
    if (only !== undefined && operation !== undefined && operation !== only) return [];
    const known = propertiesOf(type).get(label);
    const detail = known === undefined || known.type.kind === 'unknown' ? undefined : renderType(known.type);
    return [{ label, kind: 'property', detail, doc: docText(doc), rank: index === 0 ? 0 : 4, ...stretch }];
  });
}

/** The keys that the agent around the cursor lists in its `use`. */
function usedKeys(cursor: Cursor): ReadonlySet<string> | undefined {
  const use = agentAround(cursor)?.model?.use;
  return use && new Set(use.map(({ text }) => text));
}

function propertyEntries(cursor: Cursor, type: Type, stretch: Stretch, first: ReadonlySet<string> | undefined): readonly Entry[] {
  const { text } = cursor.snapshot;
  return [...propertiesOf(type)].flatMap(([name, property]): Entry | [] => {
    const detail = property.type.kind === 'unknown' ? undefined : renderType(property.type);
    const doc = property.description === undefined ? undefined : plainText(property.description);
    const entry: Entry = { label: name, kind: 'property', detail, doc, rank: first === undefined || first.has(name) ? 2 : 3, ...stretch };
    if (/^[A-Za-z_$][\w$]*$/.test(name)) return entry;
    // What is no identifier stands in brackets, and these in place of the dot.
    const dot = text.lastIndexOf('.', stretch.start);
    if (text.slice(dot + 1, stretch.start).trim() !== '' || text.slice(dot, stretch.start).includes('\n')) return [];
    const optional = text[dot - 1] === '?';
    return { ...entry, start: optional ? dot + 1 : dot, text: `[${JSON.stringify(name)}]`, filter: `.${name}` };
  });
}

/** The properties that some value of the type has. */
function propertiesOf(type: Type): ReadonlyMap<string, Property> {
  const properties = new Map<string, Property>();
  if (type.kind === 'unknown') return properties;
  for (const member of membersOf(type)) {
    if (member.kind !== 'object') continue;
    for (const [name, property] of member.properties) {
      const before = properties.get(name);
      properties.set(name, before === undefined ? property : { ...property, type: unionOf([before.type, property.type]) });
    }
  }
  return properties;
}

/** Of the kinds of values that the receiver can be; of lists and texts when nothing is known. */
function methodEntries(type: Type, stretch: Stretch): readonly Entry[] {
  const kinds = type.kind === 'unknown' ? (['list', 'string'] as const) : membersOf(type).flatMap((member) => receiverOf(member) ?? []);
  const rank = type.kind === 'unknown' ? 8 : 5;
  const entries = new Map<string, Entry>();
  for (const kind of new Set(kinds)) {
    if (kind === 'list' || kind === 'string')
      entries.set('length', { label: 'length', kind: 'property', detail: 'integer', rank: rank - 1, ...stretch });
    const docs = METHOD_DOCS[kind] as Readonly<Record<string, Parameters<typeof functionEntry>[1]>>;
    for (const name of methodsOf(kind)) {
      const doc = docs[name];
      if (doc !== undefined && !entries.has(name)) entries.set(name, functionEntry(name, doc, 'method', stretch, rank));
    }
  }
  return [...entries.values()];
}
