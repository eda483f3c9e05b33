import { type Program as Ast, type Node, parse } from 'acorn';
import { lexicalNames, varNames } from './declared-names.ts';
import { findUses } from './identifier-uses.ts';
import { type AnyNode, isNode, listOf } from './syntax-tree.ts';

export interface ModuleNames {
  /** Names that the module uses and does not declare: globals, each once, sorted. */
  readonly free: readonly string[];
  /** Names that it declares at its top level. */
  readonly declared: ReadonlySet<string>;
  /** The first place (from 1) at which it asks for another module, in whichever way; bundled modules do so only for names that are computed. */
  readonly imports?: { readonly line: number; readonly column: number };
}

/**
 * The names of a module of code: what `ensemble build` must know to give it globals of its own.
 * @throws SyntaxError for what is no module.
 */
export function readModuleNames(source: string): ModuleNames {
  const ast = parse(source, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
  const statements = listOf(ast as unknown as AnyNode, 'body').flatMap(withoutExport);
  const uses = findUses({ ...ast, body: statements } as unknown as Ast);
  const free = uses.identifiers.flatMap(({ name, role, declared }) => ((role === 'read' || role === 'write') && !declared ? [name] : []));
  const imports = findImport(ast);
  return {
    free: [...new Set(free)].sort(),
    declared: new Set([...lexicalNames(statements), ...varNames(statements)]),
    ...(imports?.loc == null ? {} : { imports: { line: imports.loc.start.line, column: imports.loc.start.column + 1 } }),
  };
}

/** What stands behind `export`: the walk over a body does not expect it. */
function withoutExport(statement: AnyNode): readonly AnyNode[] {
  if (!statement.type.startsWith('Export')) return [statement];
  return isNode(statement.declaration) ? [statement.declaration] : [];
}

/** The first `import … from`, `export … from`, or `import(…)`, wherever it stands. `import.meta` asks for none. */
function findImport(ast: Node): Node | undefined {
  const pending: AnyNode[] = [ast as AnyNode];
  let first: AnyNode | undefined;
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const asks =
      node.type === 'ImportDeclaration' || node.type === 'ImportExpression' || (node.type.startsWith('Export') && isNode(node.source));
    if (asks && (first === undefined || node.start < first.start)) first = node;
    for (const value of Object.values(node)) {
      if (isNode(value)) pending.push(value);
      else if (Array.isArray(value)) pending.push(...value.filter(isNode));
    }
  }
  return first;
}
