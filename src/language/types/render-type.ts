import { type Member, membersOf, type ObjectType, type Type } from './type.ts';

/** What is longer is cut at its inner parts: messages and hovers are read at a glance. */
const MAX_LENGTH = 120;
const MAX_PROPERTIES = 8;
const MAX_VALUES = 6;

/**
 * A type in a few words: `string`, `list of number`, `{ id: string, rows?: list of object }`, `"en" | "de"`, `number | undefined`. What is too
 * long is written without its inner parts.
 */
export function renderType(type: Type): string {
  for (const depth of [4, 2, 1]) {
    const text = render(type, depth);
    if (text.length <= MAX_LENGTH) return text;
  }
  return render(type, 0);
}

function render(type: Type, depth: number): string {
  switch (type.kind) {
    case 'unknown':
      return 'any';
    case 'union':
      return renderUnion(type.members, depth);
    case 'string':
      return type.value === undefined ? 'string' : JSON.stringify(type.value);
    case 'number':
      return type.value === undefined ? (type.integer === true ? 'integer' : 'number') : String(type.value);
    case 'boolean':
      return type.value === undefined ? 'boolean' : String(type.value);
    case 'list':
      return renderList(type.tuple === undefined ? type.items : { kind: 'union', members: membersOfAll(type.tuple) }, depth);
    case 'object':
      return renderObject(type, depth);
    default:
      return type.kind;
  }
}

function renderUnion(members: readonly Member[], depth: number): string {
  const texts = [...new Set(members.map((member) => render(member, depth)))];
  if (texts.length > MAX_VALUES) return `${texts.slice(0, MAX_VALUES).join(' | ')} | …`;
  return texts.join(' | ');
}

function membersOfAll(types: readonly Type[]): readonly Member[] {
  return types.some(({ kind }) => kind === 'unknown') ? [] : types.flatMap((type) => (type.kind === 'unknown' ? [] : membersOf(type)));
}

function renderList(items: Type, depth: number): string {
  if (items.kind === 'unknown' || items.kind === 'never' || depth === 0) return 'list';
  const text = render(items, depth - 1);
  if (text === '') return 'list';
  return text.includes(' | ') ? `list of (${text})` : `list of ${text}`;
}

function renderObject({ properties, lists, others }: ObjectType, depth: number): string {
  if (properties.size === 0)
    return lists === 'all' ? '{}' : others.kind === 'unknown' || depth === 0 ? 'object' : `object of ${render(others, depth - 1)}`;
  if (depth === 0) return 'object';
  const shown = [...properties].slice(0, MAX_PROPERTIES).map(([key, { type, optional }]) => {
    const name = /^[A-Za-z_$][\w$-]*$/.test(key) ? key : JSON.stringify(key);
    return `${name}${optional ? '?' : ''}: ${render(type, depth - 1)}`;
  });
  const more = properties.size > MAX_PROPERTIES || lists === 'some' ? ', …' : '';
  return `{ ${shown.join(', ')}${more} }`;
}
