import { membersOf, type Type } from '../../../src/language/types/type.ts';

/** Whether a value that an expression gave is one of the type's. */
export function isMember(value: unknown, type: Type): boolean {
  if (type.kind === 'unknown') return true;
  return membersOf(type).some((member): boolean => {
    switch (member.kind) {
      case 'undefined':
        return value === undefined;
      case 'null':
        return value === null;
      case 'string':
      case 'boolean':
        return member.value === undefined ? (typeof value).startsWith(member.kind) : member.value === value;
      case 'number':
        if (typeof value !== 'number') return false;
        if (!Number.isFinite(value)) return member.inexact === true;
        return (member.value === undefined || member.value === value) && (member.integer !== true || Number.isInteger(value));
      case 'date':
        return value instanceof Date;
      case 'list': {
        if (!Array.isArray(value)) return false;
        const { tuple, items } = member;
        if (tuple !== undefined) return value.length === tuple.length && tuple.every((item, index) => isMember(value[index], item));
        return value.every((item) => isMember(item, items));
      }
      case 'object': {
        if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Date) return false;
        const { properties, lists, others } = member;
        const found = value as Readonly<Record<string, unknown>>;
        for (const [key, property] of properties) {
          if (!Object.hasOwn(found, key) ? !property.optional && !isMember(undefined, property.type) : !isMember(found[key], property.type))
            return false;
        }
        return Object.keys(found).every((key) => properties.has(key) || (lists !== 'all' && isMember(found[key], others)));
      }
      default:
        return member satisfies never;
    }
  });
}
