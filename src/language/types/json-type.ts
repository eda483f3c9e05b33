import type { JsonValue } from '../../program/json.ts';
import { FALSE, type Member, membersOf, NULL, STRING, TRUE, type Type, UNKNOWN } from './type.ts';
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

/** What becomes of a value that leaves an expression as data: dates are text or null, NaN null; undefined stays, but in lists (null) and objects (left out). */
export function asJson(type: Type): Type {
  return type.kind === 'unknown' ? type : unionOf(membersOf(type).flatMap(memberAsJson));
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
      if (tuple === undefined) return [{ kind: 'list', items: asItem(items) }];
      const types = tuple.map(asItem);
      return [{ kind: 'list', items: unionOf(types), tuple: types }];
    }
    case 'object':
      return [
        {
          ...member,
          properties: mapProperties(member, (property) => {
            const type = asJson(property.type);
            return {
              ...property,
              type: withoutUndefined(type),
              optional: property.optional || mayBe(type, ({ kind }) => kind === 'undefined'),
            };
          }),
          others: asJson(member.others),
        },
      ];
    default:
      return [member];
  }
}

function asItem(type: Type): Type {
  const json = asJson(type);
  if (json.kind === 'unknown' || !mayBe(json, ({ kind }) => kind === 'undefined')) return json;
  return unionOf([withoutUndefined(json), NULL]);
}
