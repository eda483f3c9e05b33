import type {
  BinaryExpression,
  CallExpression,
  Expression as EsExpression,
  Node as EsNode,
  SpreadElement as EsSpread,
  NewExpression,
} from 'acorn';
import type { Expression, SpreadElement } from '../../program/expression.ts';
import {
  BUILTIN_CALLBACK_ARGUMENT,
  BUILTIN_NAMES,
  CALLBACK_ARGUMENT,
  FILTER_CALLBACK_ARGUMENT,
  FILTER_NAMES,
  FORBIDDEN_PROPERTIES,
  METHOD_NAMES,
  REGEX_METHODS,
  REGEX_TAKING_METHODS,
} from '../../program/expression-vocabulary.ts';
import { suggest } from '../../program/suggest.ts';
import type { JsSource } from './js.ts';
import { placeOf } from './js.ts';
import { convertArrow } from './js-arrow.ts';
import { convertJs, convertSpread, reportForbidden, staticKey } from './js-nodes.ts';
import { judgeRegex } from './regex-safety.ts';

const BUILTINS: ReadonlySet<string> = new Set(BUILTIN_NAMES);
const FILTERS: ReadonlySet<string> = new Set(FILTER_NAMES);
const REGEX_OWN: ReadonlySet<string> = new Set(REGEX_METHODS);
const NAMESPACES: ReadonlySet<string> = new Set(['JSON', 'Math', 'Object', 'Array', 'Number', 'String', 'Boolean', 'Date', 'crypto']);

/** Methods that change their list, and what to write instead. */
const MUTATING: ReadonlyMap<string, string> = new Map([
  ['push', 'Write `[...list, item]` or `list.concat(item)`.'],
  ['unshift', 'Write `[item, ...list]`.'],
  ['pop', 'Write `list.at(-1)` for the item, `list.slice(0, -1)` for the rest.'],
  ['shift', 'Write `list[0]` for the item, `list.slice(1)` for the rest.'],
  ['splice', 'Write `list.toSpliced(…)`.'],
  ['fill', 'Write `list.map(() => value)`.'],
  ['copyWithin', 'Write it with `slice` and `concat`.'],
  ['forEach', 'Write `list.map(…)`: an expression has no effects.'],
]);

/** Where functions and regular expressions may stand among a call's arguments. */
interface Places {
  readonly callback: number | undefined;
  readonly regex: boolean;
}

/** `f(…)`, `Namespace.f(…)`, `value.method(…)`. */
export function convertCall(node: CallExpression, source: JsSource): Expression {
  const { context } = source;
  const callee = node.callee;
  if (callee.type === 'Identifier') return convertNamedCall(callee.name, node, source);
  if (callee.type !== 'MemberExpression' || callee.computed) {
    context.report('expression-not-allowed', 'only methods and builtins written by name can be called', ...placeOf(node, source));
    convertArguments(node.arguments, { callback: 0, regex: true }, source);
    return { type: 'undefined' };
  }
  const method = staticKey(callee.property);
  if (callee.object.type === 'Identifier' && NAMESPACES.has(callee.object.name) && !context.isValueName(callee.object.name)) {
    return convertBuiltin(`${callee.object.name}.${method}`, node, source);
  }
  if (FORBIDDEN_PROPERTIES.has(method)) return reportForbidden(method, callee, source);
  const object = convertReceiver(callee.object, method, source);
  if (!METHOD_NAMES.has(method)) {
    reportUnknownMethod(method, callee.property, source);
    // What it would have been given is no second mistake.
    convertArguments(node.arguments, { callback: 0, regex: true }, source);
    return { type: 'undefined' };
  }
  const regex = REGEX_TAKING_METHODS.has(method);
  const args = convertArguments(node.arguments, { callback: CALLBACK_ARGUMENT.get(method), regex }, source);
  const call: Expression = { type: 'call', object, method, optional: callee.optional, optionalCall: node.optional, arguments: args };
  context.places.addName(call, ...placeOf(callee.property, source));
  return call;
}

/** `/^a/.test(…)`: the one place where a regular expression is asked rather than handed on. */
function convertReceiver(node: CallExpression['callee'], method: string, source: JsSource): Expression {
  if (node.type === 'Literal' && node.regex !== undefined && REGEX_OWN.has(method)) return convertRegex(node.regex, node, source);
  return convertJs(node, source);
}

function convertNamedCall(name: string, node: CallExpression, source: JsSource): Expression {
  const { context } = source;
  if (context.isValueName(name)) {
    const help = FILTERS.has(name) ? `Write \`value | ${name}\`.` : undefined;
    convertArguments(node.arguments, { callback: undefined, regex: false }, source);
    return context.report('expression-not-allowed', `\`${name}\` is a value and cannot be called`, ...placeOf(node, source), help);
  }
  return convertBuiltin(name, node, source);
}

function convertBuiltin(name: string, node: CallExpression, source: JsSource): Expression {
  const args = convertArguments(node.arguments, { callback: BUILTIN_CALLBACK_ARGUMENT.get(name), regex: false }, source);
  if (BUILTINS.has(name)) return { type: 'builtin', name, arguments: args };
  const [start, end] = placeOf(node.callee, source);
  if (name === 'Date') return source.context.report('expression-not-allowed', '`Date(…)` is written `new Date(…)`', start, end);
  const near = suggest(name, BUILTIN_NAMES);
  const help = FILTERS.has(name) ? `It is a filter: \`value | ${name}\`.` : 'Functions beyond these belong into a `code` agent.';
  const message = near === undefined ? `there is no function \`${name}\`` : `there is no function \`${name}\`; did you mean \`${near}\`?`;
  return source.context.report('unknown-builtin', message, start, end, help);
}

export function convertNew(node: NewExpression, source: JsSource): Expression {
  const args = convertArguments(node.arguments, { callback: undefined, regex: false }, source);
  if (node.callee.type === 'Identifier' && node.callee.name === 'Date' && !source.context.isValueName('Date')) {
    return { type: 'builtin', name: 'new Date', arguments: args };
  }
  return source.context.report('expression-not-allowed', '`new` makes dates only: `new Date(…)`', ...placeOf(node, source));
}

/** `value | name` and `value | name(arguments)`. */
export function convertFilter(node: BinaryExpression, source: JsSource): Expression {
  const { context } = source;
  const input = convertJs(node.left as EsExpression, source);
  const right = node.right;
  const name = right.type === 'CallExpression' ? right.callee : right;
  if (name.type !== 'Identifier') {
    const help = 'A filter is a name, as in `list | first`; put the whole in parentheses to go on with its value: `(list | first).name`.';
    return context.report('expression-not-allowed', 'after `|` comes the name of a filter', ...placeOf(right, source), help);
  }
  const places = { callback: FILTER_CALLBACK_ARGUMENT.get(name.name), regex: false };
  const args = right.type === 'CallExpression' ? convertArguments(right.arguments, places, source) : [];
  if (!FILTERS.has(name.name)) return reportUnknownFilter(name.name, ...placeOf(name, source), source.context);
  if (args.some((argument) => argument.type === 'spread')) {
    return context.report('expression-not-allowed', 'a filter takes no spread arguments', ...placeOf(right, source));
  }
  const filter: Expression = { type: 'filter', name: name.name, input, arguments: args as readonly Expression[] };
  context.places.addName(filter, ...placeOf(name, source));
  return filter;
}

export function reportUnknownFilter(name: string, start: number, end: number, context: JsSource['context']): Expression {
  const near = suggest(name, FILTER_NAMES);
  const message = near === undefined ? `there is no filter \`${name}\`` : `there is no filter \`${name}\`; did you mean \`${near}\`?`;
  return context.report('unknown-filter', message, start, end, `Filters are ${FILTER_NAMES.join(', ')}.`);
}

function convertArguments(
  nodes: readonly (EsExpression | EsSpread)[],
  places: Places,
  source: JsSource,
): readonly (Expression | SpreadElement)[] {
  let spread = false;
  return nodes.map((node, index) => {
    if (node.type === 'SpreadElement') {
      spread = true;
      return convertSpread(node, source);
    }
    if (index === places.callback && !spread) {
      if (node.type === 'ArrowFunctionExpression') return source.context.node(...placeOf(node, source), () => convertArrow(node, source));
      const reference = builtinReference(node, source);
      if (reference !== undefined) return reference;
    }
    if (index === 0 && places.regex && node.type === 'Literal' && node.regex !== undefined) return convertRegex(node.regex, node, source);
    return convertJs(node, source);
  });
}

/** A builtin handed on by name: `list.map(Number)`, `list.map(Math.abs)`. */
function builtinReference(node: EsExpression, source: JsSource): Expression | undefined {
  const name = fullName(node, source);
  if (name === undefined || !BUILTINS.has(name) || name === 'new Date') return undefined;
  return { type: 'builtinReference', name };
}

function fullName(node: EsExpression, source: JsSource): string | undefined {
  if (node.type === 'Identifier') return source.context.isValueName(node.name) ? undefined : node.name;
  if (node.type !== 'MemberExpression' || node.computed || node.object.type !== 'Identifier') return undefined;
  return source.context.isValueName(node.object.name) ? undefined : `${node.object.name}.${staticKey(node.property)}`;
}

/** Reports a builtin or a namespace that stands where a value is due; undefined when `name` is neither. */
export function reportFunctionValue(name: string, node: EsNode, source: JsSource): Expression | undefined {
  if (BUILTINS.has(name)) {
    return source.context.report(
      'expression-not-allowed',
      `\`${name}\` is a function, not a value`,
      ...placeOf(node, source),
      `Call it: \`${name}(…)\`.`,
    );
  }
  if (NAMESPACES.has(name)) {
    return source.context.report('expression-not-allowed', `\`${name}\` is not a value`, ...placeOf(node, source));
  }
  const namespace = name.split('.')[0] ?? '';
  if (namespace === name || !NAMESPACES.has(namespace)) return undefined;
  const near = suggest(name, BUILTIN_NAMES);
  const message = near === undefined ? `there is no \`${name}\`` : `there is no \`${name}\`; did you mean \`${near}\`?`;
  return source.context.report('unknown-builtin', message, ...placeOf(node, source));
}

function convertRegex(regex: { readonly pattern: string; readonly flags: string }, node: EsNode, source: JsSource): Expression {
  return source.context.node(...placeOf(node, source), () => {
    const verdict = judgeRegex(regex.pattern, regex.flags);
    if ('problem' in verdict) {
      return source.context.report(
        'unsafe-regex',
        `this regular expression is refused: ${verdict.problem}`,
        ...placeOf(node, source),
        verdict.help,
      );
    }
    const { degree, weight } = verdict;
    return { type: 'regex', pattern: regex.pattern, flags: regex.flags, degree, ...(weight === 1 ? {} : { weight }) };
  });
}

function reportUnknownMethod(method: string, node: EsNode, source: JsSource): void {
  const place = placeOf(node, source);
  const instead = MUTATING.get(method);
  if (instead !== undefined) {
    source.context.report(
      'unknown-method',
      `\`.${method}()\` would change the list; values in expressions never change`,
      ...place,
      instead,
    );
    return;
  }
  const near = suggest(method, METHOD_NAMES);
  const message =
    near === undefined ? `there is no method \`.${method}()\`` : `there is no method \`.${method}()\`; did you mean \`.${near}()\`?`;
  const help = FILTERS.has(method) ? `It is a filter: \`value | ${method}\`.` : undefined;
  source.context.report('unknown-method', message, ...place, help);
}
