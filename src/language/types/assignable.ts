import { type ListType, type Member, membersOf, type NumberType, type ObjectType, type Type } from './type.ts';
import { isInteger } from './union.ts';

export type Verdict = 'yes' | 'no' | 'maybe';

/**
 * Whether a value of type `from` can stand where `to` is asked for. `no`: no value can; `yes`: every one can, as far as types tell (they know
 * nothing of `minimum`, `pattern` …); `maybe`: some can, or nothing is known.
 */
export function isAssignable(from: Type, to: Type): Verdict {
  if (to.kind === 'unknown') return 'yes';
  if (from.kind === 'unknown') return 'maybe';
  const targets = membersOf(to);
  const verdicts = membersOf(from).map((member) => best(targets.map((target) => fits(member, target))));
  if (verdicts.length === 0) return 'maybe';
  if (verdicts.every((verdict) => verdict === 'yes')) return 'yes';
  return verdicts.every((verdict) => verdict === 'no') ? 'no' : 'maybe';
}

function best(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('yes')) return 'yes';
  return verdicts.includes('maybe') ? 'maybe' : 'no';
}

function fits(from: Member, to: Member): Verdict {
  if (from.kind !== to.kind) return 'no';
  switch (from.kind) {
    case 'string':
    case 'boolean':
      return fitsLiteral(from.value, (to as typeof from).value);
    case 'number':
      return fitsNumber(from, to as NumberType);
    case 'list':
      return fitsList(from, to as ListType);
    case 'object':
      return fitsObject(from, to as ObjectType);
    default:
      return 'yes';
  }
}

function fitsLiteral(from: unknown, to: unknown): Verdict {
  if (to === undefined) return 'yes';
  if (from === undefined) return 'maybe';
  return from === to ? 'yes' : 'no';
}

function fitsNumber(from: NumberType, to: NumberType): Verdict {
  if (to.integer === true && !isInteger(from)) return from.value === undefined ? 'maybe' : 'no';
  if (to.value === undefined && from.inexact === true && to.inexact !== true) return 'maybe';
  return fitsLiteral(from.value, to.value);
}

/** An empty list fits everywhere, so only items that are written out can refuse. */
function fitsList(from: ListType, to: ListType): Verdict {
  if (to.tuple !== undefined) return 'maybe';
  if (from.tuple === undefined) return isAssignable(from.items, to.items) === 'yes' ? 'yes' : 'maybe';
  const verdicts = from.tuple.map((item) => isAssignable(item, to.items));
  if (verdicts.includes('no')) return 'no';
  return verdicts.includes('maybe') ? 'maybe' : 'yes';
}

function fitsObject(from: ObjectType, to: ObjectType): Verdict {
  let verdict: Verdict = from.lists === 'all' || to.lists !== 'all' ? 'yes' : 'maybe';
  for (const [key, wanted] of to.properties) {
    const found = propertyVerdict(from, key, wanted.type, wanted.optional);
    if (found === 'no') return 'no';
    if (found === 'maybe') verdict = 'maybe';
  }
  for (const [key, { type, optional }] of from.properties) {
    if (to.properties.has(key)) continue;
    const found = to.lists === 'all' ? 'no' : isAssignable(type, to.others);
    if (found === 'no' && !optional) return 'no';
    if (found !== 'yes') verdict = 'maybe';
  }
  return verdict;
}

function propertyVerdict(from: ObjectType, key: string, wanted: Type, wantedOptional: boolean): Verdict {
  const property = from.properties.get(key);
  if (property === undefined) {
    if (from.lists === 'all') return wantedOptional ? 'yes' : 'no';
    return 'maybe';
  }
  const verdict = isAssignable(property.type, wanted);
  if (!property.optional) return verdict;
  // It may be missing: that alone must then be wrong for all of it to be.
  if (verdict === 'no') return wantedOptional ? 'maybe' : 'no';
  return wantedOptional ? verdict : 'maybe';
}

/** Whether two values, one of each type, can be the same by `===`. */
export function mayOverlap(a: Type, b: Type): boolean {
  if (a.kind === 'unknown' || b.kind === 'unknown') return true;
  return membersOf(a).some((left) => membersOf(b).some((right) => overlaps(left, right)));
}

function overlaps(a: Member, b: Member): boolean {
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'string':
    case 'boolean':
    case 'number': {
      const other = (b as typeof a).value;
      return a.value === undefined || other === undefined || a.value === other;
    }
    default:
      return true;
  }
}
