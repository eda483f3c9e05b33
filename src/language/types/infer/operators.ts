import type { BinaryOperator, Expression } from '../../../program/expression.ts';
import { mayOverlap } from '../assignable.ts';
import { falsyPart, truthOf, truthyPart } from '../truth.ts';
import { BOOLEAN, FALSE, INEXACT, type Member, membersOf, NUMBER, STRING, TRUE, type Type, UNDEFINED } from '../type.ts';
import { isNullish, mayBe, unionOf, withoutNullish } from '../union.ts';
import { booleanOf } from './builtins.ts';

/** What a binary operator gives (see src/runtime/expression/operators.ts for what it does). */
export function binaryType(operator: BinaryOperator, left: Type, right: Type): Type {
  switch (operator) {
    case '+':
      return sumType(left, right);
    case '-':
    case '*':
      return isFiniteNumber(left) && isFiniteNumber(right) ? NUMBER : INEXACT;
    case '/':
    case '%':
    case '**':
    case '//':
      return INEXACT;
    case '===':
      return equality(left, right);
    case '!==':
      return negated(equality(left, right));
    case '==':
    case '!=':
      return looseEquality(operator, left, right);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return ordering(operator, left, right);
    case 'in':
      return BOOLEAN;
    default:
      return operator satisfies never;
  }
}

/** Lists, objects and dates become text when they are added. */
function isTextual({ kind }: Member): boolean {
  return kind === 'string' || kind === 'list' || kind === 'object' || kind === 'date';
}

function sumType(left: Type, right: Type): Type {
  if (isAlways(left, isTextual) || isAlways(right, isTextual)) return STRING;
  const number = isFiniteNumber(left) && isFiniteNumber(right) ? NUMBER : INEXACT;
  return mayBe(left, isTextual) || mayBe(right, isTextual) ? unionOf([STRING, number]) : number;
}

/** Whether all values of the type are what `is` says; false when nothing is known. */
export function isAlways(type: Type, is: (member: Member) => boolean): boolean {
  return type.kind !== 'unknown' && type.kind !== 'never' && membersOf(type).every(is);
}

function isFiniteNumber(type: Type): boolean {
  return isAlways(
    type,
    (member) => (member.kind === 'number' && member.inexact !== true) || member.kind === 'boolean' || member.kind === 'null',
  );
}

function equality(left: Type, right: Type): Type {
  if (!mayOverlap(left, right)) return FALSE;
  const [a, b] = [literalOf(left), literalOf(right)];
  return a !== undefined && b !== undefined ? booleanOf({ kind: 'boolean', value: a.value === b.value }) : BOOLEAN;
}

function negated(type: Type): Type {
  return type.kind === 'boolean' && type.value !== undefined ? (type.value ? FALSE : TRUE) : BOOLEAN;
}

/** Only what needs no conversion is known beforehand: values of one kind, and what is or is not null. */
function looseEquality(operator: '==' | '!=', left: Type, right: Type): Type {
  const answer = looseAnswer(left, right);
  if (answer === undefined) return BOOLEAN;
  return answer === (operator === '==') ? TRUE : FALSE;
}

function looseAnswer(left: Type, right: Type): boolean | undefined {
  const [leftNothing, rightNothing] = [isAlways(left, isNullish), isAlways(right, isNullish)];
  if (leftNothing && rightNothing) return true;
  if ((leftNothing && !mayBe(right, isNullish)) || (rightNothing && !mayBe(left, isNullish)))
    return left.kind === 'never' || right.kind === 'never' ? undefined : false;
  for (const kind of ['string', 'boolean'] as const) {
    if (!isAlways(left, (member) => member.kind === kind) || !isAlways(right, (member) => member.kind === kind)) continue;
    const type = equality(left, right);
    return type.kind === 'boolean' ? type.value : undefined;
  }
  return undefined;
}

function literalOf(type: Type): { readonly value: string | number | boolean } | undefined {
  if (type.kind !== 'string' && type.kind !== 'boolean' && (type.kind !== 'number' || type.inexact === true)) return undefined;
  return type.value === undefined ? undefined : { value: type.value };
}

function ordering(operator: '<' | '<=' | '>' | '>=', left: Type, right: Type): Type {
  const [a, b] = [literalOf(left)?.value, literalOf(right)?.value];
  if (typeof a !== 'number' || typeof b !== 'number') return BOOLEAN;
  const holds = { '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b }[operator];
  return holds ? TRUE : FALSE;
}

export function unaryType(operator: Extract<Expression, { type: 'unary' }>['operator'], operand: Type): Type {
  switch (operator) {
    case '!':
      return negated(booleanOf(operand));
    case '-':
    case '+':
      return signed(operator, operand);
    case 'typeof':
      return typeofType(operand);
    case 'void':
      return UNDEFINED;
    default:
      return operator satisfies never;
  }
}

function signed(operator: '-' | '+', operand: Type): Type {
  if (operand.kind !== 'number' || operand.inexact === true) return isFiniteNumber(operand) ? NUMBER : INEXACT;
  if (operand.value === undefined || operator === '+') return operand;
  return { ...operand, value: -operand.value };
}

const TYPEOF: Readonly<Record<Member['kind'], string>> = {
  undefined: 'undefined',
  null: 'object',
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  date: 'object',
  list: 'object',
  object: 'object',
};
const TYPEOF_ANY: Type = unionOf([...new Set(Object.values(TYPEOF))].map((value) => ({ kind: 'string', value })));

function typeofType(operand: Type): Type {
  if (operand.kind === 'unknown') return TYPEOF_ANY;
  return unionOf(membersOf(operand).map(({ kind }) => ({ kind: 'string', value: TYPEOF[kind] })));
}

export function logicalType(operator: '&&' | '||' | '??', left: Type, right: Type): Type {
  switch (operator) {
    case '??':
      return mayBe(left, isNullish) ? unionOf([withoutNullish(left), right]) : left;
    case '&&':
      return truthOf(left) === true ? right : unionOf([falsyPart(left), ...(truthOf(left) === false ? [] : [right])]);
    case '||':
      return truthOf(left) === false ? right : unionOf([truthyPart(left), ...(truthOf(left) === true ? [] : [right])]);
    default:
      return operator satisfies never;
  }
}
