import { type Member, membersOf, NEVER, type NumberType, type ObjectType, type Property, type Type, UNDEFINED, UNKNOWN } from './type.ts';

/** More alternatives than this are no help to anyone: their values are forgotten, and then their shapes. */
const MAX_MEMBERS = 24;

/** The type of a value that is of one of the given types. */
export function unionOf(types: Iterable<Type>): Type {
  let members: Member[] = [];
  for (const type of types) {
    if (type.kind === 'unknown') return UNKNOWN;
    for (const member of membersOf(type)) addMember(members, member);
  }
  if (members.length > MAX_MEMBERS) {
    const widened = members.map(widenMember);
    members = [];
    for (const member of widened) addMember(members, member);
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

/** Whether two types are spelled alike. */
export function isSameType(a: Type, b: Type): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case 'string':
    case 'boolean':
      return a.kind === b.kind && a.value === b.value;
    case 'number':
      return b.kind === 'number' && Object.is(a.value, b.value) && a.integer === b.integer && a.inexact === b.inexact;
    case 'list':
      return (
        b.kind === 'list' && a.tuple?.length === b.tuple?.length && isSameType(a.items, b.items) && areSame(a.tuple ?? [], b.tuple ?? [])
      );
    case 'object':
      return b.kind === 'object' && a.lists === b.lists && isSameType(a.others, b.others) && haveSameProperties(a, b);
    case 'union':
      return b.kind === 'union' && a.members.length === b.members.length && areSame(a.members, b.members);
    default:
      return a.kind === b.kind;
  }
}

function areSame(a: readonly Type[], b: readonly Type[]): boolean {
  return a.every((type, index) => isSameType(type, b[index] ?? NEVER));
}

function haveSameProperties({ properties: a }: ObjectType, { properties: b }: ObjectType): boolean {
  if (a.size !== b.size) return false;
  for (const [key, property] of a) {
    const other = b.get(key);
    if (other === undefined || other.optional !== property.optional || !isSameType(property.type, other.type)) return false;
  }
  return true;
}

/** The type without its literal values, at every depth: what a setting is that happens to be written out. */
export function widen(type: Type): Type {
  switch (type.kind) {
    case 'unknown':
    case 'never':
      return type;
    case 'union':
      return unionOf(type.members.map(widen));
    default:
      return widenMember(type);
  }
}

function widenMember(member: Member): Member {
  switch (member.kind) {
    case 'string':
      return { kind: 'string' };
    case 'boolean':
      return { kind: 'boolean' };
    case 'number':
      return member.inexact === true ? { kind: 'number', inexact: true } : { kind: 'number' };
    case 'list':
      return { kind: 'list', items: widen(member.tuple === undefined ? member.items : unionOf(member.tuple)) };
    case 'object':
      return { ...member, properties: mapProperties(member, (property) => ({ ...property, type: widen(property.type) })) };
    default:
      return member;
  }
}

export function mapProperties({ properties }: ObjectType, change: (property: Property) => Property): ReadonlyMap<string, Property> {
  return new Map([...properties].map(([key, property]) => [key, change(property)]));
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
