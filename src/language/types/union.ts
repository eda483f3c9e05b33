import { type Member, membersOf, NEVER, type NumberType, type ObjectType, type Property, type Type, UNDEFINED, UNKNOWN } from './type.ts';

/** More alternatives than this are no help to anyone: their values are forgotten, and then their shapes. */
const MAX_MEMBERS = 24;

/** The type of a value that is of one of the given types. */
export function unionOf(types: Iterable<Type>): Type {
  let members: Member[] = [];
  let isWide = false;
  for (const type of types) {
    if (type.kind === 'unknown') return UNKNOWN;
    for (const member of membersOf(type)) addMember(members, isWide ? widenMember(member) : member);
    if (members.length <= MAX_MEMBERS) continue;
    if (isWide) return UNKNOWN;
    isWide = true;
    const narrow = members;
    members = [];
    for (const member of narrow) addMember(members, widenMember(member));
    if (members.length > MAX_MEMBERS) return UNKNOWN;
  }
  const [first] = members;
  if (first === undefined) return NEVER;
  return members.length === 1 ? first : { kind: 'union', members };
}

export function orUndefined(type: Type): Type {
  return unionOf([type, UNDEFINED]);
}

function addMember(members: Member[], member: Member): void {
  if (members.some((known) => covers(known, member))) return;
  if (member.kind === 'boolean' && member.value !== undefined) {
    // true | false is boolean.
    const other = members.findIndex((known) => known.kind === 'boolean');
    if (other !== -1) {
      members[other] = { kind: 'boolean' };
      return;
    }
  }
  const kept = members.filter((known) => !covers(member, known));
  members.length = 0;
  members.push(...kept, member);
}

/** Whether every value of `part` is one of `whole`, as far as it shows at a glance. */
function covers(whole: Member, part: Member): boolean {
  if (whole === part) return true;
  if (whole.kind !== part.kind) return false;
  switch (whole.kind) {
    case 'string':
    case 'boolean':
      return whole.value === undefined || whole.value === (part as typeof whole).value;
    case 'number': {
      const other = part as typeof whole;
      if (whole.value !== undefined) return Object.is(whole.value, other.value) && (whole.inexact ?? false) === (other.inexact ?? false);
      return (whole.inexact === true || other.inexact !== true) && (whole.integer !== true || isInteger(other));
    }
    case 'list':
      return (whole.tuple === undefined && whole.items.kind === 'unknown') || isSameType(whole, part);
    case 'object':
      return (whole.lists === 'some' && whole.properties.size === 0 && whole.others.kind === 'unknown') || isSameType(whole, part);
    default:
      return true;
  }
}

export function isInteger({ value, integer }: NumberType): boolean {
  return integer === true || Number.isInteger(value);
}

/** What comparing two types may take: they may hold the same parts many times over. */
const MAX_COMPARED = 1_000;
let compared = 0;

/** Whether two types are spelled alike; false where telling would take too long. */
export function isSameType(a: Type, b: Type): boolean {
  compared = 0;
  return areAlike(a, b);
}

function areAlike(a: Type, b: Type): boolean {
  if (a === b) return true;
  if (++compared > MAX_COMPARED) return false;
  switch (a.kind) {
    case 'string':
    case 'boolean':
      return a.kind === b.kind && a.value === b.value;
    case 'number':
      return b.kind === 'number' && Object.is(a.value, b.value) && a.integer === b.integer && a.inexact === b.inexact;
    case 'list':
      return (
        b.kind === 'list' && a.tuple?.length === b.tuple?.length && areAlike(a.items, b.items) && allAlike(a.tuple ?? [], b.tuple ?? [])
      );
    case 'object':
      return b.kind === 'object' && a.lists === b.lists && areAlike(a.others, b.others) && haveSameProperties(a, b);
    case 'union':
      return b.kind === 'union' && a.members.length === b.members.length && allAlike(a.members, b.members);
    default:
      return a.kind === b.kind;
  }
}

function allAlike(a: readonly Type[], b: readonly Type[]): boolean {
  return a.every((type, index) => areAlike(type, b[index] ?? NEVER));
}

function haveSameProperties({ properties: a }: ObjectType, { properties: b }: ObjectType): boolean {
  if (a.size !== b.size) return false;
  for (const [key, property] of a) {
    const other = b.get(key);
    if (other === undefined || other.optional !== property.optional || !areAlike(property.type, other.type)) return false;
  }
  return true;
}

const wide = new WeakMap<Type, Type>();

/** The type without its literal values, at every depth: what a setting is that happens to be written out. */
export function widen(type: Type): Type {
  if (type.kind === 'unknown' || type.kind === 'never') return type;
  const known = wide.get(type);
  if (known !== undefined) return known;
  const widened = type.kind === 'union' ? widenUnion(type) : widenMember(type);
  wide.set(type, widened);
  wide.set(widened, widened);
  return widened;
}

function widenUnion(type: Extract<Type, { readonly kind: 'union' }>): Type {
  const members = type.members.map(widenMember);
  return members.every((member, index) => member === type.members[index]) ? type : unionOf(members);
}

function widenMember(member: Member): Member {
  switch (member.kind) {
    case 'string':
      return member.value === undefined ? member : { kind: 'string' };
    case 'boolean':
      return member.value === undefined ? member : { kind: 'boolean' };
    case 'number':
      return member.inexact === true ? { kind: 'number', inexact: true } : { kind: 'number' };
    case 'list': {
      const items = widen(member.tuple === undefined ? member.items : unionOf(member.tuple));
      return member.tuple === undefined && items === member.items ? member : { kind: 'list', items };
    }
    case 'object': {
      const properties = mapProperties(member.properties, (property) => ({ ...property, type: widen(property.type) }));
      return properties === member.properties ? member : { ...member, properties };
    }
    default:
      return member;
  }
}

/** The properties after `change`; the very same where it changed none, so that types that are shared stay shared. */
export function mapProperties(properties: ObjectType['properties'], change: (property: Property) => Property): ObjectType['properties'] {
  let isChanged = false;
  const mapped = [...properties].map(([key, property]) => {
    const next = change(property);
    if (next.type !== property.type || next.optional !== property.optional) isChanged = true;
    return [key, next] as const;
  });
  return isChanged ? new Map(mapped) : properties;
}

/** The alternatives for which `keep` holds; `unknown` stays. */
export function filterMembers(type: Type, keep: (member: Member) => boolean): Type {
  return type.kind === 'unknown' ? type : unionOf(membersOf(type).filter(keep));
}

export function isNullish(member: Member): boolean {
  return member.kind === 'undefined' || member.kind === 'null';
}

/** What `value ?? …` keeps. */
export function withoutNullish(type: Type): Type {
  return filterMembers(type, (member) => !isNullish(member));
}

export function withoutUndefined(type: Type): Type {
  return filterMembers(type, ({ kind }) => kind !== 'undefined');
}

/** Whether a value of the type may be what `is` says. */
export function mayBe(type: Type, is: (member: Member) => boolean): boolean {
  return type.kind === 'unknown' || membersOf(type).some(is);
}
