import type {
  ArrayExpression,
  BinaryExpression,
  ConditionalExpression,
  Expression as EsExpression,
  Node as EsNode,
  SpreadElement as EsSpread,
  Identifier,
  Literal,
  LogicalExpression,
  MemberExpression,
  ObjectExpression,
  PrivateIdentifier,
  Super,
  TemplateLiteral,
  UnaryExpression,
} from 'acorn';
import type { BinaryOperator, Expression, ObjectEntry, SpreadElement } from '../../program/expression.ts';
import { FORBIDDEN_PROPERTIES } from '../../program/expression-vocabulary.ts';
import type { JsSource } from './js.ts';
import { placeOf } from './js.ts';
import { convertArrow } from './js-arrow.ts';
import { convertCall, convertFilter, convertNew, reportFunctionValue } from './js-calls.ts';

type AnyExpression = EsExpression | PrivateIdentifier | Super;

const BINARY: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '**', '==', '!=', '===', '!==', '<', '<=', '>', '>=', 'in']);
const UNARY: ReadonlySet<string> = new Set(['!', '-', '+', 'typeof', 'void']);

/** What is not on the allow-list, in the author's words, with the way to say it instead. */
const NOT_ALLOWED: Readonly<Record<string, readonly [what: string, help?: string]>> = {
  AssignmentExpression: ['an assignment', 'To write a state key, use the agent’s `state.set`.'],
  UpdateExpression: ['`++` or `--`', 'Write `value + 1`.'],
  FunctionExpression: ['a function', 'Write an arrow function with an expression: `x => x.name`.'],
  ClassExpression: ['a class'],
  SequenceExpression: ['the comma operator'],
  TaggedTemplateExpression: ['a tagged template'],
  ThisExpression: ['`this`'],
  AwaitExpression: ['`await`'],
  YieldExpression: ['`yield`'],
  ImportExpression: ['`import()`'],
  MetaProperty: ['a meta property'],
  Super: ['`super`'],
  PrivateIdentifier: ['a private name'],
};

/** One node of acorn's tree as ours. Counts it against the limits. */
export function convertJs(node: AnyExpression, source: JsSource): Expression {
  return source.context.node(...placeOf(node, source), () => convertNode(node, source));
}

function convertNode(node: AnyExpression, source: JsSource): Expression {
  switch (node.type) {
    case 'Literal':
      return convertLiteral(node, source);
    case 'TemplateLiteral':
      return convertTemplateLiteral(node, source);
    case 'ArrayExpression':
      return convertArray(node, source);
    case 'ObjectExpression':
      return convertObject(node, source);
    case 'Identifier':
      return convertIdentifier(node, source);
    case 'MemberExpression':
      return convertMember(node, source);
    case 'ChainExpression': {
      const expression = convertJs(node.expression, source);
      return source.context.passReference(expression, { type: 'chain', expression });
    }
    case 'CallExpression':
      return convertCall(node, source);
    case 'NewExpression':
      return convertNew(node, source);
    case 'UnaryExpression':
      return convertUnary(node, source);
    case 'BinaryExpression':
      return convertBinary(node, source);
    case 'LogicalExpression':
      return convertLogical(node, source);
    case 'ConditionalExpression':
      return convertConditional(node, source);
    case 'ArrowFunctionExpression':
      convertArrow(node, source);
      return source.context.report(
        'expression-not-allowed',
        'a function may only be an argument of a method that calls it, as in `list.map(x => x.name)`',
        ...placeOf(node, source),
      );
    case 'ParenthesizedExpression':
      return convertJs(node.expression, source);
    default:
      return refuse(node, source);
  }
}

function refuse(node: EsNode, source: JsSource): Expression {
  const [what, help] = NOT_ALLOWED[node.type] ?? [node.type];
  return source.context.report('expression-not-allowed', `an expression cannot contain ${what}`, ...placeOf(node, source), help);
}

function convertLiteral(node: Literal, source: JsSource): Expression {
  if (node.regex !== undefined) {
    const help =
      'A regular expression is an argument of match, matchAll, replace, replaceAll, search or split, or is asked with `.test(text)`.';
    return source.context.report('expression-not-allowed', 'a regular expression is no value', ...placeOf(node, source), help);
  }
  const value = node.value;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return { type: 'literal', value };
  if (typeof value === 'number') {
    // JSON, which a program is, has no Infinity: `1e999` is the constant.
    return Number.isFinite(value) ? { type: 'literal', value } : { type: 'constant', name: 'Infinity' };
  }
  return source.context.report('expression-not-allowed', 'a BigInt is no value of JSON', ...placeOf(node, source), 'Write a plain number.');
}

function convertTemplateLiteral(node: TemplateLiteral, source: JsSource): Expression {
  const texts = node.quasis.map((quasi) => quasi.value.cooked ?? '');
  return { type: 'template', texts, values: node.expressions.map((value) => convertJs(value, source)) };
}

function convertArray(node: ArrayExpression, source: JsSource): Expression {
  const items = node.elements.map((element): Expression | SpreadElement => {
    if (element === null) {
      return source.context.report(
        'expression-not-allowed',
        'a list has no holes',
        ...placeOf(node, source),
        'Write `undefined` or `null`.',
      );
    }
    return element.type === 'SpreadElement' ? convertSpread(element, source) : convertJs(element, source);
  });
  return { type: 'array', items };
}

export function convertSpread(node: EsSpread, source: JsSource): SpreadElement {
  return { type: 'spread', value: convertJs(node.argument, source) };
}

function convertObject(node: ObjectExpression, source: JsSource): Expression {
  const entries = node.properties.map((property): ObjectEntry | SpreadElement => {
    if (property.type === 'SpreadElement') return convertSpread(property, source);
    const place = placeOf(property, source);
    if (property.kind !== 'init' || property.method) {
      const value = source.context.report('expression-not-allowed', 'an object cannot have getters, setters or methods', ...place);
      return { type: 'entry', key: '', value };
    }
    const key = property.computed ? convertJs(property.key, source) : staticKey(property.key);
    if (key === '__proto__' || (typeof key === 'object' && key.type === 'literal' && key.value === '__proto__')) {
      const value = source.context.report('forbidden-property', 'an object cannot have the key `__proto__`', ...place);
      return { type: 'entry', key: '', value };
    }
    const value = convertJs(property.value, source);
    if (property.shorthand) source.context.markShorthand(value);
    return { type: 'entry', key, value };
  });
  return { type: 'object', entries };
}

/** The key that is written: a name, or a string or number literal in JavaScript's spelling of it. */
export function staticKey(key: EsNode): string {
  if (key.type === 'Identifier') return (key as Identifier).name;
  return String((key as Literal).value);
}

function convertIdentifier(node: Identifier, source: JsSource): Expression {
  const [start, end] = placeOf(node, source);
  const resolved = source.context.resolveName(node.name, start, end);
  if (resolved !== undefined) return resolved;
  return (
    reportFunctionValue(node.name, node, source) ?? source.context.reportUnknownName(node.name, start, end, joinedByHyphen(node, source))
  );
}

/** Whether `node` stands directly behind a hyphen that stands directly behind a name: `fetch-user`. */
function joinedByHyphen(node: Identifier, source: JsSource): boolean {
  return /[\w$]-$/.test(source.text.slice(Math.max(0, node.start - 2), node.start));
}

function convertMember(node: MemberExpression, source: JsSource): Expression {
  const [start, end] = placeOf(node, source);
  const { context } = source;
  if (node.object.type === 'Identifier' && !node.computed && !context.isValueName(node.object.name)) {
    const name = `${node.object.name}.${staticKey(node.property)}`;
    const constant = context.resolveName(name, start, end) ?? reportFunctionValue(name, node, source);
    if (constant !== undefined) return constant;
  }
  const object = convertJs(node.object, source);
  if (node.property.type === 'PrivateIdentifier') return refuse(node.property, source);
  const index = node.computed ? convertJs(node.property, source) : undefined;
  const property = index === undefined ? staticKey(node.property) : staticIndex(index);
  if (property === undefined && index !== undefined) return { type: 'index', object, property: index, optional: node.optional };
  if (property === undefined) return { type: 'undefined' };
  if (FORBIDDEN_PROPERTIES.has(property)) return reportForbidden(property, node, source);
  const member: Expression = { type: 'member', object, property, optional: node.optional };
  context.places.addName(member, ...placeOf(node.property, source));
  return context.extendReference(object, property, member, end);
}

/** The property that a computed key names when it is a literal: `rows[0]`, `row["full name"]`. */
function staticIndex(index: Expression): string | undefined {
  if (index.type === 'literal') return String(index.value);
  if (index.type === 'template' && index.values.length === 0) return index.texts[0] ?? '';
  return undefined;
}

export function reportForbidden(property: string, node: EsNode, source: JsSource): Expression {
  return source.context.report(
    'forbidden-property',
    `\`${property}\` cannot be read`,
    ...placeOf(node, source),
    'Expressions see the data’s own properties only; `__proto__`, `constructor` and `prototype` never resolve.',
  );
}

function convertUnary(node: UnaryExpression, source: JsSource): Expression {
  const operator = node.operator;
  const operand = convertJs(node.argument, source);
  if (!UNARY.has(operator)) {
    return source.context.report('expression-not-allowed', `an expression cannot contain \`${operator}\``, ...placeOf(node, source));
  }
  return { type: 'unary', operator: operator as '!' | '-' | '+' | 'typeof' | 'void', operand };
}

function convertBinary(node: BinaryExpression, source: JsSource): Expression {
  if (node.operator === '|') return convertFilter(node, source);
  const left = convertJs(node.left, source);
  const right = convertJs(node.right, source);
  if (!BINARY.has(node.operator)) {
    return source.context.report('expression-not-allowed', `an expression cannot contain \`${node.operator}\``, ...placeOf(node, source));
  }
  return { type: 'binary', operator: node.operator as BinaryOperator, left, right };
}

function convertLogical(node: LogicalExpression, source: JsSource): Expression {
  const left = convertJs(node.left, source);
  return { type: 'logical', operator: node.operator, left, right: convertJs(node.right, source) };
}

function convertConditional(node: ConditionalExpression, source: JsSource): Expression {
  const test = convertJs(node.test, source);
  const then = convertJs(node.consequent, source);
  return { type: 'conditional', test, then, else: convertJs(node.alternate, source) };
}
