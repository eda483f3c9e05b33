import type { Expression, Template } from '../../../program/expression.ts';

/**
 * Whether a condition is true or false whatever the run brings: a constant of the file, or an expression of literals. Undefined when that is
 * not plain to see, and for text without an expression, of which another rule says that the `${…}` around it was forgotten.
 */
export function constantTruth(template: Template | undefined): boolean | undefined {
  if (template?.type === 'constant') return typeof template.value === 'string' ? undefined : Boolean(template.value);
  return template?.type === 'hole' ? truthOf(template.expression) : undefined;
}

function truthOf(expression: Expression): boolean | undefined {
  switch (expression.type) {
    case 'literal':
      return Boolean(expression.value);
    case 'undefined':
      return false;
    case 'array':
    case 'object':
      return true;
    case 'unary': {
      const operand = expression.operator === '!' ? truthOf(expression.operand) : undefined;
      return operand === undefined ? undefined : !operand;
    }
    case 'logical': {
      const left = truthOf(expression.left);
      if (expression.operator === '&&') return left === false ? false : left && truthOf(expression.right);
      if (expression.operator === '||') return left === true ? true : left === false ? truthOf(expression.right) : undefined;
      return undefined;
    }
    default:
      return undefined;
  }
}

/** Whether a list to go through is known to hold nothing, or something; undefined when the run decides. */
export function constantEmptiness(items: Template | undefined): 'empty' | 'filled' | undefined {
  const length =
    items?.type === 'list' ? items.items.length : items?.type === 'constant' && Array.isArray(items.value) ? items.value.length : undefined;
  if (length === undefined) return undefined;
  return length === 0 ? 'empty' : 'filled';
}
