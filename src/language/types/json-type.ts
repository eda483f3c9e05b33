import type { JsonValue } from '../../program/json.ts';
import { FALSE, type Member, membersOf, NULL, type Property, STRING, TRUE, type Type, UNKNOWN } from './type.ts';
import { mapProperties, mayBe, unionOf, withoutUndefined } from './union.ts';

/** Deeper data is just a list or an object. */
const MAX_DEPTH = 8;
const MAX_ITEMS = 24;

/** The type of a constant, with its literal values. */
export function typeOfJson(value: JsonValue, depth = 0): Type {
  switch (typeof value) {
    case 'string':
      return { kind: 'string', value };
    case 'number':
      return { kind: 'number', value };
    case 'boolean':
      return value ? TRUE : FALSE;
    default:
      break;
  }
  if (value === null) return NULL;
  if (Array.isArray(value)) {
    if (depth >= MAX_DEPTH) return { kind: 'list', items: UNKNOWN };
    const types = value.slice(0, MAX_ITEMS).map((item: JsonValue) => typeOfJson(item, depth + 1));
    const items = value.length > MAX_ITEMS ? UNKNOWN : unionOf(types);
    return value.length > MAX_ITEMS ? { kind: 'list', items } : { kind: 'list', items, tuple: types };
  }
  const entries = Object.entries(value as { readonly [key: string]: JsonValue });
  const properties = new Map(
    entries.map(([key, item]) => [key, { type: depth >= MAX_DEPTH ? UNKNOWN : typeOfJson(item, depth + 1), optional: false }]),
  );
  return { kind: 'object', properties, lists: 'all', others: UNKNOWN };
}

const asData = new WeakMap<Type, Type>();

/** What becomes of a value that leaves an expression as data: dates are text or null, NaN null; undefined stays, but in lists (null) and objects (left out). */
export function asJson(type: Type): Type {
  if (type.kind === 'unknown' || type.kind === 'never') return type;
  const known = asData.get(type);
  if (known !== undefined) return known;
  const members = membersOf(type);
  const data = members.flatMap(memberAsJson);
  const isData = data.length === members.length && data.every((member, index) => member === members[index]);
  const json = isData ? type : unionOf(data);
  asData.set(type, json);
  // Data stays as it is.
  asData.set(json, json);
  return json;
}

function memberAsJson(member: Member): readonly Type[] {
  switch (member.kind) {
    case 'date':
      return [STRING, NULL];
    case 'number': {
      if (member.inexact !== true) return [member];
      const { inexact: _, ...finite } = member;
      return [finite, NULL];
    }
    case 'list': {
      const { items, tuple } = member;
      if (tuple === undefined) {
        const data = asItem(items);
        return [data === items ? member : { kind: 'list', items: data }];
      }
      const types = tuple.map(asItem);
      return [types.every((type, index) => type === tuple[index]) ? member : { kind: 'list', items: unionOf(types), tuple: types }];
    }
    case 'object': {
      const properties = mapProperties(member.properties, asDataProperty);
      const others = asJson(member.others);
      return [properties === member.properties && others === member.others ? member : { ...member, properties, others }];
    }
    default:
      return [member];
  }
}

function asDataProperty(property: Property): Property {
  const type = asJson(property.type);
  if (!mayBe(type, ({ kind }) => kind === 'undefined') || type.kind === 'unknown') return { ...property, type };
  return { ...property, type: withoutUndefined(type), optional: true };
}

function asItem(type: Type): Type {
  const json = asJson(type);
  if (json.kind === 'unknown' || !mayBe(json, ({ kind }) => kind === 'undefined')) return json;
  return unionOf([withoutUndefined(json), NULL]);
}
