import { FORBIDDEN_PROPERTIES } from '../../program/expression-vocabulary.ts';
import { INTEGER, type ListType, type Member, membersOf, type ObjectType, STRING, type Type, UNDEFINED, UNKNOWN } from './type.ts';
import { orUndefined, unionOf } from './union.ts';

const INDEX = /^(?:0|[1-9]\d{0,8})$/;

/**
 * What reading a property by its name gives (LANGUAGE §3.1: own properties only, nothing fails). A property that the value cannot have gives `unknown` where it is surely a
 * mistake (`cannotHave` says so), so that one mistake is not told twice.
 */
export function propertyOf(type: Type, key: string): Type {
  if (type.kind === 'unknown') return UNKNOWN;
  return unionOf(membersOf(type).map((member) => memberProperty(member, key)));
}

function memberProperty(member: Member, key: string): Type {
  switch (member.kind) {
    case 'undefined':
    case 'null':
      return UNDEFINED;
    case 'string':
      return key === 'length' ? INTEGER : INDEX.test(key) ? orUndefined(STRING) : UNKNOWN;
    case 'list':
      return key === 'length' ? INTEGER : INDEX.test(key) ? itemAt(member, Number(key)) : UNKNOWN;
    case 'object':
      return objectProperty(member, key);
    default:
      return UNKNOWN;
  }
}

function objectProperty({ properties, lists, others }: ObjectType, key: string): Type {
  if (FORBIDDEN_PROPERTIES.has(key)) return UNDEFINED;
  const property = properties.get(key);
  if (property !== undefined) return property.optional ? orUndefined(property.type) : property.type;
  return lists === 'all' ? UNKNOWN : orUndefined(others);
}

/** The item at an index, counted from 0. */
export function itemAt({ items, tuple }: ListType, index: number): Type {
  return tuple === undefined ? orUndefined(items) : (tuple[index] ?? UNDEFINED);
}

/** Any item of a list. */
export function itemOf({ items, tuple }: ListType): Type {
  return tuple === undefined ? items : unionOf(tuple);
}

/** Why a read of `key` is a mistake: no value of the type has it, or the author declared the others and not this one. */
export type Absence = 'impossible' | 'undeclared';

/** Undefined when some value of the type may have the property, or nothing is known. Null and undefined count as nothing: reading goes on there. */
export function absenceOf(type: Type, key: string): Absence | undefined {
  if (type.kind === 'unknown') return undefined;
  const members = membersOf(type).filter(({ kind }) => kind !== 'undefined' && kind !== 'null');
  const absences = members.map((member) => memberAbsence(member, key));
  if (absences.length === 0 || absences.includes(undefined)) return undefined;
  return absences.includes('undeclared') ? 'undeclared' : 'impossible';
}

function memberAbsence(member: Member, key: string): Absence | undefined {
  if (member.kind === 'object') {
    if (member.lists === 'some' || member.properties.has(key)) return undefined;
    return member.lists === 'all' ? 'impossible' : 'undeclared';
  }
  if (member.kind === 'string' || member.kind === 'list') return key === 'length' || INDEX.test(key) ? undefined : 'impossible';
  return 'impossible';
}
