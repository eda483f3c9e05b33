import type { Program as Ast } from 'acorn';
import { type AnyNode, child, isNode, listOf, nameOf } from './syntax-tree.ts';

/**
 * What the `return` statements of a body hand back, nested functions aside:
 * `nothing` (there is none, or none with a value) · `objects` whose fields can all be seen, `keys` being those that at least one of them has · `unknown`.
 */
export type CodeReturns =
  | { readonly type: 'nothing' }
  | { readonly type: 'objects'; readonly keys: ReadonlySet<string> }
  | { readonly type: 'unknown' };

/** A body whose last statement is a `throw` is meant to fail: what it returns is unknown, not nothing. */
export function findReturns(ast: Ast): CodeReturns {
  const statements = listOf(ast as unknown as AnyNode, 'body');
  const values = returnedValues(statements);
  if (values.length === 0) return statements.at(-1)?.type === 'ThrowStatement' ? { type: 'unknown' } : { type: 'nothing' };
  const keys = new Set<string>();
  for (const value of values) {
    const own = value.type === 'ObjectExpression' ? objectKeys(value) : undefined;
    if (own === undefined) return { type: 'unknown' };
    for (const key of own) keys.add(key);
  }
  return { type: 'objects', keys };
}

function returnedValues(statements: readonly AnyNode[]): readonly AnyNode[] {
  const values: AnyNode[] = [];
  const pending: AnyNode[] = [...statements];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === 'ReturnStatement') {
      if (isNode(node.argument) && !isUndefined(node.argument)) values.push(node.argument);
    } else if (node.type.endsWith('Statement') || node.type === 'SwitchCase' || node.type === 'CatchClause') {
      for (const value of Object.values(node)) {
        if (isNode(value)) pending.push(value);
        else if (Array.isArray(value)) pending.push(...value.filter(isNode));
      }
    }
  }
  return values;
}

function isUndefined(node: AnyNode): boolean {
  return (node.type === 'Identifier' && nameOf(node) === 'undefined') || (node.type === 'UnaryExpression' && node.operator === 'void');
}

/** Undefined when a key is not to be seen: a spread, a computed key, an expression `${…}` (`parseBody` names it so, and empties a string with one). */
function objectKeys(object: AnyNode): readonly string[] | undefined {
  const keys: string[] = [];
  for (const property of listOf(object, 'properties')) {
    if (property.type !== 'Property' || property.computed === true) return undefined;
    const key = child(property, 'key');
    const text = key.type === 'Identifier' ? nameOf(key) : String(key.value);
    if (text === '' || text.startsWith('${')) return undefined;
    keys.push(text);
  }
  return keys;
}
