import type { BinaryOperator, Expression } from '../../../program/expression.ts';
import { suggest } from '../../../program/suggest.ts';
import { mayOverlap } from '../../types/assignable.ts';
import type { TypedExpression } from '../../types/infer/infer.ts';
import { isAlways } from '../../types/infer/operators.ts';
import { itemOf } from '../../types/property-type.ts';
import type { Member, Type } from '../../types/type.ts';
import { isNullish } from '../../types/union.ts';
import { describeExactly, describeType } from './describe-type.ts';
import { spellNode } from './spell-node.ts';

type Binary = Extract<Expression, { type: 'binary' }>;

export interface OperandFault {
  readonly node: Expression;
  readonly message: string;
  readonly help?: string;
}

/** What is wrong with the operands of a node; undefined when nothing is, or nothing is known. */
export function operandFault(node: Expression, typed: TypedExpression): OperandFault | undefined {
  switch (node.type) {
    case 'binary':
      return binaryFault(node, typed);
    case 'unary':
      return node.operator === '-' || node.operator === '+' ? arithmeticFault(node.operand, node.operator, typed) : undefined;
    case 'template':
      return templateFault(node.values, typed);
    default:
      return undefined;
  }
}

function binaryFault(node: Binary, typed: TypedExpression): OperandFault | undefined {
  const { operator, left, right } = node;
  switch (operator) {
    case '+':
      return sumFault(node, typed);
    case '-':
    case '*':
    case '/':
    case '%':
    case '**':
    case '//':
      return arithmeticFault(left, operator, typed) ?? arithmeticFault(right, operator, typed);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return orderFault(left, operator, typed) ?? orderFault(right, operator, typed);
    case '===':
    case '!==':
    case '==':
    case '!=':
      return equalityFault(node, typed);
    case 'in':
      return inFault(node, typed);
    default:
      return operator satisfies never;
  }
}

/** Whether a value, if it is there at all, is a list or an object; dates have their number. */
function isStructured(type: Type): boolean {
  return isPresently(type, ({ kind }) => kind === 'list' || kind === 'object');
}

/** Whether all values of the type that are there are what `is` says, and there are some. */
function isPresently(type: Type, is: (member: Member) => boolean): boolean {
  return isAlways(type, (member) => isNullish(member) || is(member)) && !isAlways(type, isNullish);
}

function arithmeticFault(operand: Expression, operator: string, typed: TypedExpression): OperandFault | undefined {
  const type = typed.typeOf(operand);
  if (!isStructured(type)) return undefined;
  const isList = isPresently(type, ({ kind }) => kind === 'list');
  return {
    node: operand,
    message: `\`${operator}\` takes numbers, and ${spellNode(operand)} is ${describeType(type)}`,
    help: isList ? 'for how many items it has write `.length`, for their sum `| sum`' : 'write which of its properties is meant',
  };
}

function sumFault({ left, right }: Binary, typed: TypedExpression): OperandFault | undefined {
  const [a, b] = [typed.typeOf(left), typed.typeOf(right)];
  for (const [operand, type, other] of [
    [left, a, b],
    [right, b, a],
  ] as const) {
    if (becomesObjectText(type)) {
      return {
        node: operand,
        message: `${spellNode(operand)} is ${inObjectText(type)}: added, it becomes \`[object Object]\``,
        help: 'for its JSON write `JSON.stringify(…)` or `| json`, to join objects `{ ...a, ...b }`',
      };
    }
    if (!isPresently(type, ({ kind }) => kind === 'list')) continue;
    // A list joined to a text is its items with commas between them, which may be meant.
    if (isPresently(other, ({ kind }) => kind === 'list' || kind === 'number' || kind === 'boolean')) {
      return {
        node: operand,
        message: `\`+\` makes a text of ${spellNode(operand)}, which is a list`,
        help: 'write `[...list, item]` for a longer list, `list.length + 1` for a number',
      };
    }
  }
  return undefined;
}

function becomesObjectText(type: Type): boolean {
  return isPresently(type, (member) => member.kind === 'object' || (member.kind === 'list' && becomesObjectText(itemOf(member))));
}

function inObjectText(type: Type): string {
  return isPresently(type, ({ kind }) => kind === 'list') ? 'a list of objects' : describeType(type);
}

function templateFault(values: readonly Expression[], typed: TypedExpression): OperandFault | undefined {
  const node = values.find((value) => becomesObjectText(typed.typeOf(value)));
  return (
    node && {
      node,
      message: `${spellNode(node)} is ${inObjectText(typed.typeOf(node))}: in a template literal it becomes \`[object Object]\``,
      help: 'write `JSON.stringify(…)` around it, or which of its properties is meant',
    }
  );
}

function orderFault(operand: Expression, operator: string, typed: TypedExpression): OperandFault | undefined {
  const type = typed.typeOf(operand);
  if (!isStructured(type)) return undefined;
  const isList = isPresently(type, ({ kind }) => kind === 'list');
  return {
    node: operand,
    message: `\`${operator}\` compares numbers, texts or dates, and ${spellNode(operand)} is ${describeType(type)}`,
    ...(isList && { help: 'for how many items it has write `.length`' }),
  };
}

function equalityFault(node: Binary, typed: TypedExpression): OperandFault | undefined {
  const { operator, left, right } = node;
  const answer = operator === '===' || operator === '==' ? 'false' : 'true';
  const [a, b] = [typed.typeOf(left), typed.typeOf(right)];
  for (const [operand, type, other] of [
    [left, a, b],
    [right, b, a],
  ] as const) {
    if (!isFresh(operand) || (operator.length === 2 && !isStructured(other))) continue;
    const empty = type.kind === 'list' ? '`.length === 0`' : '`(… | length) === 0`';
    return {
      node,
      message: `\`${operator}\` is always ${answer} here: no value is the very ${type.kind} that is written out`,
      help: `to ask whether it is empty write ${empty}`,
    };
  }
  if (!areComparable(operator, a, b) || mayOverlap(a, b)) return undefined;
  const always = `this is always ${answer}: `;
  if (right.type === 'literal') return neverLiteral(always, node, left, a, right);
  if (left.type === 'literal') return neverLiteral(always, node, right, b, left);
  return { node, message: `${always}${spellNode(left)} is ${describeExactly(a)}, ${spellNode(right)} is ${describeExactly(b)}` };
}

type Literal = Extract<Expression, { type: 'literal' }>;

function neverLiteral(always: string, node: Binary, operand: Expression, type: Type, literal: Literal): OperandFault {
  const help = helpForLiteral(operand, type, literal);
  return {
    node,
    message: `${always}${spellNode(operand)} is ${describeExactly(type)}, never ${spellNode(literal)}`,
    ...(help !== undefined && { help }),
  };
}

function helpForLiteral(operand: Expression, type: Type, { value }: Literal): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (operand.type === 'unary' && value === 'array') return 'a list is an object too: write `Array.isArray(…)`';
  const members = type.kind === 'union' ? type.members : [type];
  const near = suggest(
    value,
    members.flatMap((member) => (member.kind === 'string' && member.value !== undefined ? [member.value] : [])),
  );
  return near === undefined ? undefined : `did you mean "${near}"?`;
}

/** A list or object that is written out is equal to nothing but itself. */
function isFresh(node: Expression): boolean {
  return node.type === 'array' || node.type === 'object';
}

/**
 * Whether a comparison that can never hold is a mistake. Null and undefined are asked for to be safe, whatever a schema says; `==` takes a number and its text for
 * equal, so there only values of one kind are looked at.
 */
function areComparable(operator: BinaryOperator, a: Type, b: Type): boolean {
  if (isAlways(a, isNullish) || isAlways(b, isNullish) || a.kind === 'unknown' || b.kind === 'unknown') return false;
  if (a.kind === 'never' || b.kind === 'never') return false;
  if (operator === '===' || operator === '!==') return true;
  const kinds = (type: Type) => (type.kind === 'union' ? type.members.map(({ kind }) => kind) : [type.kind]);
  return kinds(a).every((kind) => kinds(b).every((other) => kind === other));
}

function inFault({ left, right, dialect }: Binary, typed: TypedExpression): OperandFault | undefined {
  const type = typed.typeOf(right);
  const is = (...kinds: readonly Member['kind'][]) => isPresently(type, ({ kind }) => kinds.includes(kind));
  if (dialect === 'jexl') {
    if (!is('number', 'boolean', 'object', 'date')) return undefined;
    return { node: right, message: `\`in\` looks into lists and texts, and ${spellNode(right)} is ${describeType(type)}` };
  }
  if (is('string', 'number', 'boolean')) {
    return {
      node: right,
      message: `\`in\` looks for a key of an object, and ${spellNode(right)} is ${describeType(type)}: this fails`,
      ...(is('string') && { help: 'for a part of a text write `text.includes(…)`' }),
    };
  }
  const key = typed.typeOf(left);
  if (!is('list') || key.kind !== 'string' || (key.value !== undefined && /^(?:\d+|length)$/.test(key.value))) return undefined;
  return {
    node: right,
    message: `\`in\` looks for a key, and ${spellNode(right)} is a list, whose keys are 0, 1, 2, …`,
    help: 'for one of its items write `list.includes(…)`',
  };
}
