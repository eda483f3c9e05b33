import { itemAt, itemOf, propertyOf } from '../property-type.ts';
import { type Member, membersOf, NEVER, type Property, STRING, type Type, UNDEFINED, UNKNOWN } from '../type.ts';
import { orUndefined, unionOf, withoutNullish } from '../union.ts';
import { valuesOf } from './builtins.ts';

/** What a list or a text gives one by one when it is spread into a list; anything else fails. */
export function spreadItems(type: Type): Type {
  if (type.kind === 'unknown') return UNKNOWN;
  return unionOf(membersOf(type).map((member) => (member.kind === 'list' ? itemOf(member) : member.kind === 'string' ? STRING : NEVER)));
}

/** `{...value}`: what it lists lies over what was there; of what it may list besides only the type is known. */
export function addSpread(type: Type, properties: Map<string, Property>, others: Type[]): void {
  const only = withoutNullish(type);
  if (only.kind === 'never') return;
  if (only.kind !== 'object') {
    addUnlisted(valuesOf(type), properties, others);
    return;
  }
  const certain = only === type;
  if (only.lists !== 'all') addUnlisted(only.others, properties, others);
  for (const [key, property] of only.properties) {
    // As the engine does (LANGUAGE §3.1).
    if (key === '__proto__') continue;
    const before = properties.get(key);
    const always = certain && !property.optional;
    properties.set(key, {
      type: always || before === undefined ? property.type : unionOf([property.type, before.type]),
      optional: !always && before?.optional !== false,
    });
  }
}

function addUnlisted(type: Type, properties: Map<string, Property>, others: Type[]): void {
  if (type.kind === 'never') return;
  others.push(type);
  for (const [name, known] of properties) properties.set(name, { ...known, type: unionOf([known.type, type]) });
}

/** The key that a literal spells; undefined when it is not known. */
export function textOf(type: Type): string | undefined {
  return (type.kind === 'string' || type.kind === 'number' || type.kind === 'boolean') && type.value !== undefined
    ? String(type.value)
    : undefined;
}

export function indexType(object: Type, key: Type): Type {
  const text = textOf(key);
  if (text !== undefined) return propertyOf(object, text);
  if (object.kind === 'unknown') return UNKNOWN;
  return unionOf(membersOf(object).map((member) => memberIndex(member, key)));
}

function memberIndex(member: Member, key: Type): Type {
  switch (member.kind) {
    case 'list':
      return key.kind === 'number' ? orUndefined(itemOf(member)) : UNKNOWN;
    case 'string':
      return key.kind === 'number' ? orUndefined(STRING) : UNKNOWN;
    case 'object':
      return orUndefined(valuesOf(member));
    default:
      return UNDEFINED;
  }
}

/** A value taken apart with `[a, b]`. */
export function elementType(type: Type, index: number): Type {
  if (type.kind === 'unknown') return UNKNOWN;
  return unionOf(
    membersOf(type).map((member) =>
      member.kind === 'list' ? itemAt(member, index) : member.kind === 'string' ? orUndefined(STRING) : NEVER,
    ),
  );
}

/** Jexl takes what is no list for a list of one, and undefined for none. */
export function jexlItems(member: Member): Type {
  return member.kind === 'list' ? itemOf(member) : member.kind === 'undefined' ? NEVER : member;
}

/** What Jexl reads a property of: of a list it is the first item. */
export function jexlSubject(type: Type): Type {
  if (type.kind === 'unknown') return UNKNOWN;
  return unionOf(membersOf(type).map((member) => (member.kind === 'list' ? itemAt(member, 0) : member)));
}

/** `true` keeps the subject, `false` gives undefined, anything else is a key. */
export function jexlIndexType(object: Type, key: Type): Type {
  if (key.kind === 'boolean') return orUndefined(object);
  if (key.kind === 'number') return indexType(object, key);
  return UNKNOWN;
}
