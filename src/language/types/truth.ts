import { FALSE, type Member, membersOf, TRUE, type Type } from './type.ts';
import { unionOf } from './union.ts';

/** What is left of a type when its value is known to be truthy, or falsy. */
export function truthyPart(type: Type): Type {
  if (type.kind === 'unknown') return type;
  return unionOf(
    membersOf(type)
      .filter((member) => truthOf(member) !== false)
      .map((member) => (member.kind === 'boolean' ? TRUE : member)),
  );
}

export function falsyPart(type: Type): Type {
  if (type.kind === 'unknown') return type;
  return unionOf(membersOf(type).flatMap(falsyMember));
}

function falsyMember(member: Member): readonly Type[] {
  if (truthOf(member) === true) return [];
  switch (member.kind) {
    case 'string':
      return [{ kind: 'string', value: '' }];
    case 'number':
      return [member.inexact === true ? member : { kind: 'number', value: 0 }];
    case 'boolean':
      return [FALSE];
    default:
      return [member];
  }
}

/** Whether every value of the type is truthy (true) or falsy (false); undefined when it depends, or there is none. */
export function truthOf(type: Type): boolean | undefined {
  if (type.kind === 'unknown' || type.kind === 'never') return undefined;
  if (type.kind === 'union') {
    const [first, ...rest] = type.members.map(truthOf);
    return rest.every((truth) => truth === first) ? first : undefined;
  }
  switch (type.kind) {
    case 'undefined':
    case 'null':
      return false;
    case 'string':
      return type.value === undefined ? undefined : type.value !== '';
    case 'number':
      return type.value === undefined || type.inexact === true ? undefined : type.value !== 0;
    case 'boolean':
      return type.value;
    default:
      return true;
  }
}
