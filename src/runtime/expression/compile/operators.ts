import type { BinaryOperator } from '../../../program/expression.ts';
import { toNumber } from '../coerce.ts';
import { add, inJexl, inObject, isGreater, isGreaterOrEqual, isLess, isLessOrEqual, looselyEqual, strictlyEqual } from '../operators.ts';
import type { Compiler, Evaluate } from './environment.ts';

type BinaryMaker = (left: Evaluate, right: Evaluate) => Evaluate;

/** Each operator is a function of its own, with the case of two numbers (of equal types for equality) written out: that is what most of them meet. */
const BINARY: { readonly [Operator in BinaryOperator]: BinaryMaker } = {
  '+': (left, right) => (scope, locals) => {
    const a = left(scope, locals);
    const b = right(scope, locals);
    return typeof a === 'number' && typeof b === 'number' ? a + b : add(a, b);
  },
  '-': (left, right) => (scope, locals) => {
    const a = left(scope, locals);
    const b = right(scope, locals);
    return typeof a === 'number' && typeof b === 'number' ? a - b : toNumber(a) - toNumber(b);
  },
  '*': (left, right) => (scope, locals) => {
    const a = left(scope, locals);
    const b = right(scope, locals);
    return typeof a === 'number' && typeof b === 'number' ? a * b : toNumber(a) * toNumber(b);
  },
  '/': (left, right) => (scope, locals) => {
    const a = left(scope, locals);
    const b = right(scope, locals);
    return typeof a === 'number' && typeof b === 'number' ? a / b : toNumber(a) / toNumber(b);
  },
  '%': (left, right) => (scope, locals) => toNumber(left(scope, locals)) % toNumber(right(scope, locals)),
  '**': (left, right) => (scope, locals) => toNumber(left(scope, locals)) ** toNumber(right(scope, locals)),
  '//': (left, right) => (scope, locals) => Math.floor(toNumber(left(scope, locals)) / toNumber(right(scope, locals))),
  '===': (left, right) => (scope, locals) => strictlyEqual(left(scope, locals), right(scope, locals)),
  '!==': (left, right) => (scope, locals) => !strictlyEqual(left(scope, locals), right(scope, locals)),
  '==': (left, right) => (scope, locals) => looselyEqual(left(scope, locals), right(scope, locals)),
  '!=': (left, right) => (scope, locals) => !looselyEqual(left(scope, locals), right(scope, locals)),
  '<': (left, right) => (scope, locals) => {
    const a = left(scope, locals);
    const b = right(scope, locals);
    return typeof a === 'number' && typeof b === 'number' ? a < b : isLess(a, b);
  },
  '<=': (left, right) => (scope, locals) => {
    const a = left(scope, locals);
    const b = right(scope, locals);
    return typeof a === 'number' && typeof b === 'number' ? a <= b : isLessOrEqual(a, b);
  },
  '>': (left, right) => (scope, locals) => {
    const a = left(scope, locals);
    const b = right(scope, locals);
    return typeof a === 'number' && typeof b === 'number' ? a > b : isGreater(a, b);
  },
  '>=': (left, right) => (scope, locals) => {
    const a = left(scope, locals);
    const b = right(scope, locals);
    return typeof a === 'number' && typeof b === 'number' ? a >= b : isGreaterOrEqual(a, b);
  },
  in: (left, right) => (scope, locals) => inObject(left(scope, locals), right(scope, locals)),
};

export const compileBinary: Compiler<'binary'> = (node, environment) => {
  const left = environment.compile(node.left);
  const right = environment.compile(node.right);
  if (node.operator === 'in' && node.dialect === 'jexl') return (scope, locals) => inJexl(left(scope, locals), right(scope, locals));
  // Comparing with a string that is written out is what conditions mostly do.
  if ((node.operator === '==' || node.operator === '===') && node.right.type === 'literal' && typeof node.right.value === 'string') {
    const expected = node.right.value;
    const equal = node.operator === '==' ? looselyEqual : strictlyEqual;
    return (scope, locals) => {
      const value = left(scope, locals);
      return typeof value === 'string' ? value === expected : equal(value, expected);
    };
  }
  return BINARY[node.operator](left, right);
};

export const compileUnary: Compiler<'unary'> = (node, environment) => {
  const operand = environment.compile(node.operand);
  switch (node.operator) {
    case '!':
      return (scope, locals) => !operand(scope, locals);
    case '-':
      return (scope, locals) => -toNumber(operand(scope, locals));
    case '+':
      return (scope, locals) => toNumber(operand(scope, locals));
    case 'typeof':
      return (scope, locals) => typeof operand(scope, locals);
    case 'void':
      return (scope, locals) => {
        operand(scope, locals);
        return undefined;
      };
    default:
      return node.operator satisfies never;
  }
};

export const compileLogical: Compiler<'logical'> = (node, environment) => {
  const left = environment.compile(node.left);
  const right = environment.compile(node.right);
  switch (node.operator) {
    case '&&':
      return (scope, locals) => {
        const value = left(scope, locals);
        return value ? right(scope, locals) : value;
      };
    case '||':
      return (scope, locals) => {
        const value = left(scope, locals);
        return value ? value : right(scope, locals);
      };
    case '??':
      return (scope, locals) => left(scope, locals) ?? right(scope, locals);
    default:
      return node.operator satisfies never;
  }
};

export const compileConditional: Compiler<'conditional'> = (node, environment) => {
  const test = environment.compile(node.test);
  const then = environment.compile(node.then);
  const otherwise = environment.compile(node.else);
  return (scope, locals) => (test(scope, locals) ? then(scope, locals) : otherwise(scope, locals));
};
