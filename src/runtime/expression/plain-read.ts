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
    case 'agent':
      return true;
    case 'member':
      return isPlainRead(expression.object);
    case 'index':
    case 'jexlMember':
      return isPlainRead(expression.object);
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
