import { receiverOf } from '../../language/types/infer/receiver.ts';
import { renderType } from '../../language/types/render-type.ts';
import { membersOf, type Type } from '../../language/types/type.ts';
import { BUILTIN_DOCS } from '../../language/vocabulary/builtin-docs.ts';
import { FILTER_DOCS } from '../../language/vocabulary/filter-docs.ts';
import { METHOD_DOCS, type MethodOwner } from '../../language/vocabulary/method-docs.ts';
import type { NameDoc } from '../../language/vocabulary/name-doc.ts';
import { LOOP_DOCS, RESULT_DOCS, ROOT_DOCS, RUN_DOCS } from '../../language/vocabulary/root-docs.ts';
import type { Cursor } from '../cursor/cursor.ts';
import { code, plainText } from '../markdown.ts';
import { typeBeforeDot, typeOfName } from '../types/type-at.ts';
import { agentDoc } from './agent-doc.ts';
import { seenLine } from './seen-line.ts';

/** What the name at the cursor of an expression means, in Markdown; undefined when there is nothing to say. */
export function expressionDoc(cursor: Cursor): string | undefined {
  const { chain } = cursor.expression ?? {};
  const name = chain?.token?.text;
  if (chain === undefined || name === undefined) return undefined;
  switch (chain.role) {
    case 'filter':
      return docText(lookUp(FILTER_DOCS, name));
    case 'member':
      return memberDoc(cursor, name, chain.path, chain.called);
    case 'name':
      return nameDoc(cursor, name);
    case 'text':
      return undefined;
    default:
      return chain.role satisfies never;
  }
}

function nameDoc(cursor: Cursor, name: string): string | undefined {
  const { snapshot, agents } = cursor;
  if (agents.some((agent) => agent.name === name)) return agentDoc(snapshot, name) ?? `**${plainText(name)}**`;
  const root = lookUp(ROOT_DOCS, name);
  if (root !== undefined) return lines(typed(name, typeOfName(cursor)), root.text);
  const builtin = BUILTIN_DOCS.get(name) ?? (name === 'Date' ? BUILTIN_DOCS.get('new Date') : undefined);
  if (builtin !== undefined) return docText(builtin);
  const type = typeOfName(cursor);
  return type.kind === 'unknown' ? undefined : typed(name, type);
}

function memberDoc(cursor: Cursor, name: string, path: readonly string[] | undefined, called: boolean): string | undefined {
  const { snapshot, agents } = cursor;
  const [head = '', field = ''] = path ?? [];
  const builtin = path?.length === 2 ? BUILTIN_DOCS.get(path.join('.')) : undefined;
  if (builtin !== undefined) return docText(builtin);
  if (called) return methodDoc(typeBeforeDot(cursor), name);
  const type = typeOfName(cursor);
  const shown = typed(path?.join('.') ?? name, type);
  const seen = path && seenLine(snapshot, path);
  if (path?.length === 2) {
    const known = agents.some((agent) => agent.name === head) ? lookUp(RESULT_DOCS, field) : fieldDoc(head, field);
    if (known !== undefined) return lines(shown, known.text, seen);
  }
  if (type.kind === 'unknown' && seen === undefined && name !== 'length') return undefined;
  return lines(shown, descriptionOf(typeBeforeDot(cursor), name), seen);
}

function fieldDoc(root: string, field: string): NameDoc | undefined {
  return root === 'run' ? lookUp(RUN_DOCS, field) : root === 'loop' ? lookUp(LOOP_DOCS, field) : undefined;
}

/** Of the kinds of values that the receiver can be; of all that have the method when nothing is known. */
function methodDoc(receiver: Type, name: string): string | undefined {
  const owners = Object.keys(METHOD_DOCS) as readonly MethodOwner[];
  const kinds = receiver.kind === 'unknown' ? owners : membersOf(receiver).flatMap((member) => receiverOf(member) ?? []);
  const docs = [...new Set(kinds)].flatMap((kind) => lookUp(METHOD_DOCS[kind], name) ?? []);
  return docs.length === 0 ? undefined : docs.map((each) => docText(each)).join('\n\n');
}

/** What the author wrote about a property. */
export function descriptionOf(type: Type, name: string): string | undefined {
  if (type.kind === 'unknown') return undefined;
  const described = membersOf(type).flatMap((member) => (member.kind === 'object' ? (member.properties.get(name)?.description ?? []) : []));
  return described[0] === undefined ? undefined : plainText(described[0]);
}

export function docText(doc: NameDoc | undefined): string | undefined {
  return doc && lines(code(doc.signature), doc.text);
}

const typed = (name: string, type: Type): string => (type.kind === 'unknown' ? code(name) : code(`${name}: ${renderType(type)}`));

function lines(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}

function lookUp(docs: Readonly<Record<string, NameDoc>>, name: string): NameDoc | undefined {
  return Object.hasOwn(docs, name) ? docs[name] : undefined;
}
