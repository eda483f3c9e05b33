import type { BinaryOperator, Expression, ObjectEntry } from '../../program/expression.ts';
import { FILTER_NAMES, FORBIDDEN_PROPERTIES } from '../../program/expression-vocabulary.ts';
import { type ParseContext, TooLarge } from './context.ts';
import { type JexlNode, type JexlTree, type PlacedName, parseWithJexl } from './jexl-parser.ts';
import { reportUnknownFilter } from './js-calls.ts';

/** Jexl's parser takes time and stack by nesting; no expression of 2,000 nodes needs more. */
const MAX_TEXT = 20_000;
const FILTERS: ReadonlySet<string> = new Set(FILTER_NAMES);

/** Parses the text between `$<` and `>` (LANGUAGE §3.3). As {@link parseJs}: what is wrong goes to `context`. */
export function parseJexl(text: string, offset: number, context: ParseContext): Expression {
  const end = offset + text.length;
  if (text.trim() === '') return context.report('expression-syntax', 'the expression is empty', offset, end);
  if (text.length > MAX_TEXT) {
    return context.report('expression-too-large', `the expression is longer than ${MAX_TEXT} characters`, offset, end);
  }
  try {
    const tree = parseWithJexl(text, context.agents);
    return new JexlConverter(tree, context, offset, end).convert(tree.root);
  } catch (error) {
    if (error instanceof TooLarge) return { type: 'undefined' };
    if (error instanceof RangeError)
      return context.report('expression-too-large', 'the expression is too large or nested too deeply', offset, end);
    if (!(error instanceof Error)) throw error;
    // Jexl throws plain Errors for syntax, and stumbles with TypeErrors over empty parentheses and the like.
    const reason = error instanceof TypeError ? 'something is missing' : shortReason(error.message);
    return context.report('expression-syntax', `this is no Jexl expression: ${reason}`, offset, end);
  }
}

/** Jexl's words without the text up to the place, which it repeats, and without our marks (`name@offset`). */
function shortReason(message: string): string {
  return message
    .replace(/^Token (.*?)\s*\(\w+\) unexpected in expression: .*/s, 'unexpected `$1`')
    .replace(/^Unexpected end of expression: .*/s, 'it ends too early')
    .replaceAll(/@\d+/g, '')
    .slice(0, 200);
}

/** Turns one tree of Jexl's into ours. `relative` is the parameter that `.name` reads from: the element of the innermost filter. */
class JexlConverter {
  private readonly tree: JexlTree;
  private readonly context: ParseContext;
  private readonly offset: number;
  private readonly end: number;
  private relative: string | undefined;
  private filters = 0;
  /** From the first to the last name of the node at work: Jexl tells the places of names alone. */
  private named: readonly [start: number, end: number] | undefined;

  constructor(tree: JexlTree, context: ParseContext, offset: number, end: number) {
    this.tree = tree;
    this.context = context;
    this.offset = offset;
    this.end = end;
  }

  convert(node: JexlNode | null | undefined): Expression {
    if (node === null || node === undefined) {
      return this.context.report('expression-syntax', 'the expression lacks a value', this.offset, this.end);
    }
    const outer = this.named;
    this.named = undefined;
    const expression = this.context.node(this.offset, this.end, () => this.convertNode(node));
    this.placeByNames(expression, outer);
    return expression;
  }

  private placeByNames(expression: Expression, outer: JexlConverter['named']): void {
    const inner = this.named;
    this.named = outer;
    if (inner === undefined) return;
    this.context.places.add(expression, ...inner);
    this.note(...inner);
  }

  private note(start: number, end: number): void {
    this.named = this.named === undefined ? [start, end] : [Math.min(this.named[0], start), Math.max(this.named[1], end)];
  }

  private convertNode(node: JexlNode): Expression {
    switch (node.type) {
      case 'Literal':
        return { type: 'literal', value: node.value };
      case 'Identifier':
        return this.convertIdentifier(node.value, node.from, node.relative === true);
      case 'UnaryExpression':
        return { type: 'unary', operator: '!', operand: this.convert(node.right) };
      case 'BinaryExpression':
        return this.convertBinary(node.operator, this.convert(node.left), this.convert(node.right));
      case 'ConditionalExpression':
        return this.convertConditional(node.test, node.consequent, node.alternate);
      case 'FilterExpression':
        return node.relative ? this.convertRelativeFilter(node.subject, node.expr) : this.convertStaticFilter(node.subject, node.expr);
      case 'ArrayLiteral':
        return { type: 'array', items: node.value.map((item) => this.convert(item)) };
      case 'ObjectLiteral':
        return { type: 'object', entries: Object.entries(node.value).map(([key, value]) => this.convertEntry(key, value)) };
      case 'FunctionCall':
        return this.convertFunctionCall(this.tree.nameOf(node.name), node.pool, node.args);
      default:
        return node satisfies never;
    }
  }

  private convertIdentifier(placed: string, from: JexlNode | undefined, relative: boolean): Expression {
    const name = this.tree.nameOf(placed);
    const [start, end] = this.place(name);
    if (from !== undefined) {
      const object = this.convert(from);
      if (FORBIDDEN_PROPERTIES.has(name.name)) return this.reportForbidden(name);
      const property: Expression = { type: 'literal', value: name.name };
      const member: Expression = { type: 'jexlMember', object, property };
      this.context.places.addName(member, start, end);
      return this.context.extendReference(object, name.name, member, end);
    }
    if (relative && this.relative !== undefined) {
      if (FORBIDDEN_PROPERTIES.has(name.name)) return this.reportForbidden(name);
      const element: Expression = { type: 'parameter', name: this.relative };
      this.context.places.add(element, start, end);
      const member: Expression = { type: 'member', object: element, property: name.name, optional: false };
      this.context.places.addName(member, start, end);
      return member;
    }
    // Jexl has no literal for null: the name is a missing one, whose value is undefined.
    if (name.name === 'null') return { type: 'undefined' };
    const resolved = this.context.resolveName(name.name, start, end);
    if (resolved !== undefined && resolved.type !== 'constant') return resolved;
    if (relative) {
      const help =
        'Jexl binds `.name` to a filter only outside of further parentheses: write `list[.price > 10]`, not `list[(.price > 10)]`.';
      return this.context.report('unknown-name', `\`.${name.name}\` stands outside of a filter`, start, end, help);
    }
    return this.context.reportUnknownName(name.name, start, end);
  }

  private convertBinary(operator: string, left: Expression, right: Expression): Expression {
    if (operator === '&&' || operator === '||') return { type: 'logical', operator, left, right };
    const ours = operator === '^' ? '**' : operator;
    return { type: 'binary', operator: ours as BinaryOperator, left, right, dialect: 'jexl' };
  }

  private convertConditional(testNode: JexlNode, thenNode: JexlNode | null | undefined, elseNode: JexlNode | null | undefined): Expression {
    const test = this.convert(testNode);
    if (thenNode === null || thenNode === undefined) return { type: 'logical', operator: '||', left: test, right: this.convert(elseNode) };
    return { type: 'conditional', test, then: this.convert(thenNode), else: this.convert(elseNode) };
  }

  private convertRelativeFilter(subjectNode: JexlNode, testNode: JexlNode | null | undefined): Expression {
    const subject = this.convert(subjectNode);
    this.filters++;
    // No name of the text can be the same.
    const name = `@${this.filters}`;
    const outer = this.relative;
    this.relative = name;
    const test = this.convert(testNode);
    this.relative = outer;
    return { type: 'jexlFilter', subject, name, test };
  }

  private convertStaticFilter(subjectNode: JexlNode, indexNode: JexlNode | null | undefined): Expression {
    const object = this.convert(subjectNode);
    const index = this.convert(indexNode);
    if (index.type !== 'literal' || typeof index.value === 'boolean') return { type: 'jexlIndex', object, property: index };
    const property = String(index.value);
    if (FORBIDDEN_PROPERTIES.has(property)) return this.reportForbidden({ name: property, start: 0, end: this.end - this.offset });
    return this.context.extendReference(object, property, { type: 'member', object, property, optional: false }, this.end);
  }

  private convertEntry(placedKey: string, value: JexlNode | null): ObjectEntry {
    const key = this.tree.nameOf(placedKey);
    if (key.name !== '__proto__') return { type: 'entry', key: key.name, value: this.convert(value) };
    return { type: 'entry', key: '', value: this.reportForbidden(key) };
  }

  private convertFunctionCall(name: PlacedName, pool: 'functions' | 'transforms', nodes: readonly (JexlNode | null)[]): Expression {
    const [start, end] = this.place(name);
    const [input, ...rest] = nodes.map((node) => this.convert(node));
    if (pool === 'functions') {
      const help = FILTERS.has(name.name) ? `It is a filter: \`value|${name.name}\`.` : undefined;
      return this.context.report('unknown-builtin', `there is no function \`${name.name}\` in Jexl expressions`, start, end, help);
    }
    if (!FILTERS.has(name.name)) return reportUnknownFilter(name.name, start, end, this.context);
    const filter: Expression = { type: 'filter', name: name.name, input: input ?? { type: 'undefined' }, arguments: rest };
    this.context.places.addName(filter, start, end);
    return filter;
  }

  private reportForbidden(name: PlacedName): Expression {
    const help = 'Expressions see the data’s own properties only.';
    return this.context.report('forbidden-property', `\`${name.name}\` cannot be read`, ...this.place(name), help);
  }

  private place(name: PlacedName): readonly [start: number, end: number] {
    const [start, end] = [this.offset + name.start, this.offset + name.end];
    this.note(start, end);
    return [start, end];
  }
}
