import type { Expression } from '../../program/expression.ts';

/**
 * Whether all that the expression can give is a literal or a part of the scope, which is JSON data as it stands. Such a value needs no
 * conversion, however large it is.
 */
export function isPlainRead(expression: Expression): boolean {
  switch (expression.type) {
    case 'literal':
    case 'undefined':
    case 'root':
      return true;
    case 'member':
      // An agent's result as a whole has entries that are undefined; what they hold is data.
      return expression.object.type === 'agent' || isPlainRead(expression.object);
    case 'index':
    case 'jexlMember':
      return expression.object.type === 'agent' || isPlainRead(expression.object);
    case 'chain':
      return isPlainRead(expression.expression);
    case 'logical':
      return isPlainRead(expression.left) && isPlainRead(expression.right);
    case 'conditional':
      return isPlainRead(expression.then) && isPlainRead(expression.else);
    default:
      return false;
  }
}

/**
 * Whether the expression is such a read, and evaluating it can neither fail nor take more than a moment: names, keys that are written out, and which
 * of them has a value. There are at most 64 levels of it, and no conversion of a key that data brings.
 */
export function isSureRead(expression: Expression): boolean {
  switch (expression.type) {
    case 'literal':
    case 'undefined':
    case 'root':
      return true;
    case 'member':
      return expression.object.type === 'agent' || isSureRead(expression.object);
    case 'jexlMember':
    case 'index':
      return expression.property.type === 'literal' && (expression.object.type === 'agent' || isSureRead(expression.object));
    case 'chain':
      return isSureRead(expression.expression);
    case 'logical':
      return isSureRead(expression.left) && isSureRead(expression.right);
    case 'conditional':
      return isSureRead(expression.test) && isSureRead(expression.then) && isSureRead(expression.else);
    default:
      return false;
  }
}
