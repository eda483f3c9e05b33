import type { Program as Ast, Node } from 'acorn';
import { lexicalNames, patternNames, varNames } from './declared-names.ts';
import { type AnyNode, child, isNode, isString, listOf, nameOf } from './syntax-tree.ts';

/**
 * What a name is doing where it stands:
 * `read` a value is read · `write` it is assigned to · `bind` it is declared · `property` after a dot · `key` of an object literal or pattern
 * (not computed) · `member` a key in a class · `label`.
 */
export type UseRole = 'read' | 'write' | 'bind' | 'property' | 'key' | 'member' | 'label';

interface GivenKey {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Its value is the name: `{ total }`. */
  readonly shorthand?: boolean;
}

export interface IdentifierUse {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly role: UseRole;
  /** For `read` and `write`: the body itself declares the name here. */
  readonly declared: boolean;
  /** `{ name }` in an object literal: the key is the name. */
  readonly shorthand: boolean;
  /** The constant member path that is read from it: `['output', 'rows']`. */
  readonly path: readonly string[];
  /** `const { a, b } = name`: the properties taken; undefined when it is not taken apart, or with a rest. */
  readonly taken: readonly string[] | undefined;
  /** `name(…)`: the constant keys of its first argument when that is an object literal without spread. */
  readonly calledWith: readonly GivenKey[] | undefined;
  readonly called: boolean;
  /** `typeof name`, which asks whether the name is there at all. */
  readonly probed: boolean;
}

/** A string literal: as a value, as a key of an object literal or pattern, or where no expression can stand. */
export interface StringUse {
  readonly start: number;
  readonly end: number;
  readonly role: 'value' | 'key' | 'fixed';
}

/** A text stretch of a template literal (`start`/`end` without its delimiters). */
export interface QuasiUse {
  readonly start: number;
  readonly end: number;
  readonly tagged: boolean;
}

export interface BodyUses {
  readonly identifiers: readonly IdentifierUse[];
  readonly strings: readonly StringUse[];
  readonly quasis: readonly QuasiUse[];
  /** The first `import`/`export` declaration, `import(…)` or `import.meta`. */
  readonly moduleSyntax: Node | undefined;
}

interface Scope {
  readonly names: ReadonlySet<string>;
  readonly parent: Scope | undefined;
}

/** Every identifier, string literal and template text of a body, with what it does there. Linear in the size of the tree. */
export function findUses(ast: Ast): BodyUses {
  const walk = new Walk();
  const body = listOf(ast as unknown as AnyNode, 'body');
  walk.visitAll(body, { names: new Set([...lexicalNames(body), ...varNames(body)]), parent: undefined }, []);
  return walk;
}

class Walk implements BodyUses {
  readonly identifiers: IdentifierUse[] = [];
  readonly strings: StringUse[] = [];
  readonly quasis: QuasiUse[] = [];
  moduleSyntax: Node | undefined;

  visitAll(nodes: readonly AnyNode[], scope: Scope, parents: readonly AnyNode[]): void {
    for (const node of nodes) this.visit(node, scope, parents);
  }

  visit(node: AnyNode, scope: Scope, parents: readonly AnyNode[]): void {
    const inside = [...parents.slice(-8), node];
    const visitor = VISITORS[node.type];
    if (visitor !== undefined) visitor(this, node, scope, inside);
    else this.visitChildren(node, scope, inside);
  }

  visitChildren(node: AnyNode, scope: Scope, inside: readonly AnyNode[]): void {
    for (const key of Object.keys(node)) {
      const value = node[key];
      if (isNode(value)) this.visit(value, scope, inside);
      else if (Array.isArray(value)) for (const item of value) if (isNode(item)) this.visit(item, scope, inside);
    }
  }

  /** A pattern that declares (`bind`) or assigns (`write`). */
  visitPattern(node: AnyNode, role: 'bind' | 'write', scope: Scope, inside: readonly AnyNode[]): void {
    switch (node.type) {
      case 'Identifier':
        this.use(node, role, scope, inside);
        return;
      case 'AssignmentPattern':
        this.visitPattern(child(node, 'left'), role, scope, inside);
        this.visit(child(node, 'right'), scope, inside);
        return;
      case 'RestElement':
        this.visitPattern(child(node, 'argument'), role, scope, inside);
        return;
      case 'ArrayPattern':
        for (const item of listOf(node, 'elements')) this.visitPattern(item, role, scope, inside);
        return;
      case 'ObjectPattern':
        for (const property of listOf(node, 'properties')) {
          if (property.type === 'RestElement') this.visitPattern(property, role, scope, inside);
          else {
            if (property.shorthand !== true) this.visitKey(property, scope, inside, 'key');
            this.visitPattern(child(property, 'value'), role, scope, inside);
          }
        }
        return;
      default:
        this.visit(node, scope, inside);
    }
  }

  visitKey(property: AnyNode, scope: Scope, inside: readonly AnyNode[], role: 'key' | 'member'): void {
    const key = child(property, 'key');
    if (property.computed === true) this.visit(key, scope, inside);
    else if (key.type === 'Identifier') this.use(key, role, scope, inside);
    else if (isString(key)) this.strings.push({ start: key.start, end: key.end, role: role === 'key' ? 'key' : 'fixed' });
  }

  visitFunction(node: AnyNode, scope: Scope, inside: readonly AnyNode[]): void {
    const parameters = listOf(node, 'params');
    const names = new Set<string>(node.type === 'ArrowFunctionExpression' ? [] : ['arguments']);
    const id = node.id;
    if (isNode(id)) {
      // A declaration's own name belongs to the scope around it, where it was collected; here it is only announced.
      this.use(id, 'bind', scope, inside);
      if (node.type === 'FunctionExpression') names.add(nameOf(id));
    }
    for (const parameter of parameters) patternNames(parameter, names);
    const body = child(node, 'body');
    const statements = body.type === 'BlockStatement' ? listOf(body, 'body') : undefined;
    if (statements !== undefined) for (const name of [...lexicalNames(statements), ...varNames(statements)]) names.add(name);
    const own: Scope = { names, parent: scope };
    for (const parameter of parameters) this.visitPattern(parameter, 'bind', own, inside);
    if (statements === undefined) this.visit(body, own, inside);
    else this.visitAll(statements, own, inside);
  }

  use(node: AnyNode, role: UseRole, scope: Scope, inside: readonly AnyNode[], shorthand = false): void {
    const name = nameOf(node);
    const declared = isDeclared(name, scope);
    const { path, outer } = memberPath(node, inside);
    this.identifiers.push({
      name,
      start: node.start,
      end: node.end,
      role,
      declared,
      shorthand,
      path: role === 'read' ? path : [],
      taken: role === 'read' ? takenBy(node, outer) : undefined,
      called: outer?.type === 'CallExpression' && outer.callee === node,
      probed: path.length === 0 && outer?.type === 'UnaryExpression' && outer.operator === 'typeof',
      calledWith: outer?.type === 'CallExpression' && outer.callee === node ? firstArgumentKeys(outer) : undefined,
    });
  }
}

type Visitor = (walk: Walk, node: AnyNode, scope: Scope, inside: readonly AnyNode[]) => void;

const visitFunction: Visitor = (walk, node, scope, inside) => walk.visitFunction(node, scope, inside);

const visitClass: Visitor = (walk, node, scope, inside) => {
  const id = node.id;
  const own: Scope = { names: new Set(isNode(id) ? [nameOf(id)] : []), parent: scope };
  if (isNode(id)) walk.use(id, 'bind', scope, inside);
  if (isNode(node.superClass)) walk.visit(node.superClass, own, inside);
  walk.visit(child(node, 'body'), own, inside);
};

const visitClassMember: Visitor = (walk, node, scope, inside) => {
  walk.visitKey(node, scope, inside, 'member');
  if (isNode(node.value)) walk.visit(node.value, scope, inside);
};

const visitBlock: Visitor = (walk, node, scope, inside) => {
  const statements = listOf(node, 'body');
  const vars = node.type === 'StaticBlock' ? varNames(statements) : [];
  walk.visitAll(statements, { names: new Set([...lexicalNames(statements), ...vars]), parent: scope }, inside);
};

const visitFor: Visitor = (walk, node, scope, inside) => {
  const head = node.init ?? node.left;
  const own: Scope = { names: new Set(isNode(head) ? lexicalNames([head]) : []), parent: scope };
  for (const key of ['init', 'left', 'test', 'update', 'right', 'body']) {
    const part = node[key];
    if (!isNode(part)) continue;
    if (key === 'left' && part.type !== 'VariableDeclaration') walk.visitPattern(part, 'write', own, inside);
    else walk.visit(part, own, inside);
  }
};

const visitLabel: Visitor = (walk, node, scope, inside) => {
  if (isNode(node.label)) walk.use(node.label, 'label', scope, inside);
  if (isNode(node.body)) walk.visit(node.body, scope, inside);
};

const visitModuleSyntax: Visitor = (walk, node) => {
  walk.moduleSyntax ??= node;
};

/** What differs from "visit all children": one entry a kind of node. */
const VISITORS: Readonly<Record<string, Visitor>> = {
  Identifier: (walk, node, scope, inside) => walk.use(node, 'read', scope, inside),
  Literal: (walk, node) => {
    if (isString(node)) walk.strings.push({ start: node.start, end: node.end, role: 'value' });
  },
  ExpressionStatement: (walk, node, scope, inside) => {
    const expression = child(node, 'expression');
    if (typeof node.directive === 'string') walk.strings.push({ start: expression.start, end: expression.end, role: 'fixed' });
    else walk.visit(expression, scope, inside);
  },
  MemberExpression: (walk, node, scope, inside) => {
    walk.visit(child(node, 'object'), scope, inside);
    const property = child(node, 'property');
    if (node.computed === true) walk.visit(property, scope, inside);
    else if (property.type === 'Identifier') walk.use(property, 'property', scope, inside);
  },
  Property: (walk, node, scope, inside) => {
    const value = child(node, 'value');
    if (node.shorthand === true && value.type === 'Identifier') walk.use(value, 'read', scope, inside, true);
    else {
      walk.visitKey(node, scope, inside, 'key');
      walk.visit(value, scope, inside);
    }
  },
  VariableDeclarator: (walk, node, scope, inside) => {
    walk.visitPattern(child(node, 'id'), 'bind', scope, inside);
    if (isNode(node.init)) walk.visit(node.init, scope, inside);
  },
  AssignmentExpression: (walk, node, scope, inside) => {
    walk.visitPattern(child(node, 'left'), 'write', scope, inside);
    walk.visit(child(node, 'right'), scope, inside);
  },
  UpdateExpression: (walk, node, scope, inside) => walk.visitPattern(child(node, 'argument'), 'write', scope, inside),
  TaggedTemplateExpression: (walk, node, scope, inside) => {
    walk.visit(child(node, 'tag'), scope, inside);
    const quasi = child(node, 'quasi');
    for (const text of listOf(quasi, 'quasis')) walk.quasis.push({ start: text.start, end: text.end, tagged: true });
    walk.visitAll(listOf(quasi, 'expressions'), scope, inside);
  },
  TemplateElement: (walk, node) => {
    walk.quasis.push({ start: node.start, end: node.end, tagged: false });
  },
  CatchClause: (walk, node, scope, inside) => {
    const names = new Set<string>();
    if (isNode(node.param)) patternNames(node.param, names);
    const own: Scope = { names, parent: scope };
    if (isNode(node.param)) walk.visitPattern(node.param, 'bind', own, inside);
    walk.visit(child(node, 'body'), own, inside);
  },
  SwitchStatement: (walk, node, scope, inside) => {
    walk.visit(child(node, 'discriminant'), scope, inside);
    const cases = listOf(node, 'cases');
    walk.visitAll(cases, { names: new Set(cases.flatMap((one) => lexicalNames(listOf(one, 'consequent')))), parent: scope }, inside);
  },
  FunctionDeclaration: visitFunction,
  FunctionExpression: visitFunction,
  ArrowFunctionExpression: visitFunction,
  ClassDeclaration: visitClass,
  ClassExpression: visitClass,
  MethodDefinition: visitClassMember,
  PropertyDefinition: visitClassMember,
  BlockStatement: visitBlock,
  StaticBlock: visitBlock,
  ForStatement: visitFor,
  ForInStatement: visitFor,
  ForOfStatement: visitFor,
  LabeledStatement: visitLabel,
  BreakStatement: visitLabel,
  ContinueStatement: visitLabel,
  MetaProperty: (walk, node) => {
    if (nameOf(child(node, 'meta')) === 'import') walk.moduleSyntax ??= node;
  },
  ImportExpression: (walk, node, scope, inside) => {
    walk.moduleSyntax ??= node;
    walk.visitChildren(node, scope, inside);
  },
  ImportDeclaration: visitModuleSyntax,
  ExportNamedDeclaration: visitModuleSyntax,
  ExportDefaultDeclaration: visitModuleSyntax,
  ExportAllDeclaration: visitModuleSyntax,
};

function isDeclared(name: string, scope: Scope): boolean {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) if (at.names.has(name)) return true;
  return false;
}

/** The constant members read from `node`, and the node around the last of them. */
function memberPath(node: AnyNode, inside: readonly AnyNode[]): { path: readonly string[]; outer: AnyNode | undefined } {
  const path: string[] = [];
  let current = node;
  let at = inside.length - 1;
  if (inside[at] === node) at--;
  for (; at >= 0; at--) {
    const parent = inside[at];
    if (parent?.type === 'ChainExpression' && parent.expression === current) {
      current = parent;
      continue;
    }
    if (parent?.type !== 'MemberExpression' || parent.object !== current) return { path, outer: parent };
    const property = child(parent, 'property');
    if (parent.computed !== true) path.push(nameOf(property));
    else if (isString(property) && property.value !== '') path.push(String(property.value));
    else return { path, outer: parent };
    current = parent;
  }
  return { path, outer: undefined };
}

function takenBy(node: AnyNode, outer: AnyNode | undefined): readonly string[] | undefined {
  if (outer?.type !== 'VariableDeclarator' || outer.init !== node) return undefined;
  const pattern = child(outer, 'id');
  if (pattern.type !== 'ObjectPattern') return undefined;
  const keys: string[] = [];
  for (const property of listOf(pattern, 'properties')) {
    const key = property.type === 'RestElement' || property.computed === true ? '' : keyText(child(property, 'key'));
    if (key === '') return undefined;
    keys.push(key);
  }
  return keys;
}

function firstArgumentKeys(call: AnyNode): IdentifierUse['calledWith'] {
  const [argument] = listOf(call, 'arguments');
  if (argument?.type !== 'ObjectExpression') return undefined;
  const keys: GivenKey[] = [];
  for (const property of listOf(argument, 'properties')) {
    if (property.type !== 'Property' || property.computed === true) return undefined;
    const key = child(property, 'key');
    const text = keyText(key);
    if (text === '') return undefined;
    keys.push({ text, start: key.start, end: key.end, ...(property.shorthand === true && { shorthand: true }) });
  }
  return keys;
}

/** The text of a key that is not computed; empty when a hole stands in it (`parseBody` leaves such literals empty and such names with a `$`). */
function keyText(key: AnyNode): string {
  if (key.type !== 'Identifier') return String(key.value);
  return nameOf(key).startsWith('${') ? '' : nameOf(key);
}
