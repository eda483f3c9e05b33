import { type AnyNode, child, isNode, listOf, nameOf } from './syntax-tree.ts';

/** Names that a statement list declares for its own block: `let const using class`, and functions (strict mode: block scoped). */
export function lexicalNames(statements: readonly AnyNode[]): readonly string[] {
  const names = new Set<string>();
  for (const statement of statements) {
    if (statement.type === 'VariableDeclaration' && statement.kind !== 'var') declaredNames(statement, names);
    else if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') {
      if (isNode(statement.id)) names.add(nameOf(statement.id));
    }
  }
  return [...names];
}

/** Names that `var` declares anywhere in the statements, nested functions and classes aside. */
export function varNames(statements: readonly AnyNode[]): readonly string[] {
  const names = new Set<string>();
  const pending: AnyNode[] = [...statements];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === 'VariableDeclaration') {
      if (node.kind === 'var') declaredNames(node, names);
    } else if (node.type.endsWith('Statement') || node.type === 'SwitchCase' || node.type === 'CatchClause') {
      for (const value of Object.values(node)) {
        if (isNode(value)) pending.push(value);
        else if (Array.isArray(value)) pending.push(...value.filter(isNode));
      }
    }
  }
  return [...names];
}

function declaredNames(declaration: AnyNode, names: Set<string>): void {
  for (const declarator of listOf(declaration, 'declarations')) patternNames(child(declarator, 'id'), names);
}

export function patternNames(pattern: AnyNode, names: Set<string>): void {
  if (pattern.type === 'Identifier') names.add(nameOf(pattern));
  else if (pattern.type === 'AssignmentPattern') patternNames(child(pattern, 'left'), names);
  else if (pattern.type === 'RestElement') patternNames(child(pattern, 'argument'), names);
  else if (pattern.type === 'ArrayPattern') for (const item of listOf(pattern, 'elements')) patternNames(item, names);
  else if (pattern.type === 'ObjectPattern') {
    for (const property of listOf(pattern, 'properties'))
      patternNames(property.type === 'RestElement' ? property : child(property, 'value'), names);
  }
}
