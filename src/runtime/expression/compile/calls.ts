import type { Expression, SpreadElement } from '../../../program/expression.ts';
import { BUILTIN_CALLBACK_ARGUMENT, CALLBACK_ARGUMENT, FILTER_CALLBACK_ARGUMENT } from '../../../program/expression-vocabulary.ts';
import { failure } from '../../failure.ts';
import { BUILTINS } from '../builtins/index.ts';
import { kindOf } from '../coerce.ts';
import { FILTERS } from '../filters/index.ts';
import { spend } from '../limits.ts';
import { lookUpMethods, methodOf } from '../methods/index.ts';
import { buildPattern } from '../methods/pattern.ts';
import type { Scope } from '../scope.ts';
import { compileArrow } from './arrows.ts';
import { addAll, compileItems } from './data.ts';
import type { Compiler, Environment, Evaluate } from './environment.ts';
import { compileLoop } from './loops.ts';
import { SHORT_CIRCUIT } from './short-circuit.ts';

type CallNode = Extract<Expression, { type: 'call' }>;
type MakeArguments = (scope: Scope, locals: unknown[]) => unknown[];

export const compileCall: Compiler<'call'> = (node, environment) => {
  return compileCallOn(
    compileReceiver(node, (object) => environment.compile(object)),
    node,
    environment,
  );
};

/** What a method is called on; `compile` takes it unless it is a regular expression, which is no value. */
export function compileReceiver(node: CallNode, compile: (object: Expression) => Evaluate): Evaluate {
  if (node.object.type !== 'regex') return compile(node.object);
  const pattern = buildPattern(node.object);
  return () => pattern;
}

/** A call on what `object` gives; in a `?.` chain it hands a short circuit on. */
export function compileCallOn(object: Evaluate, node: CallNode, environment: Environment): Evaluate {
  const { method, optional, optionalCall } = node;
  const methods = lookUpMethods(method);
  const loop = compileLoop(method, node.arguments, environment);
  // Only lists have the methods that loops are for: their function is compiled once.
  const makeArguments = loop === undefined ? compileArguments(node.arguments, CALLBACK_ARGUMENT.get(method), environment) : noArguments;
  return (scope, locals) => {
    const receiver = object(scope, locals);
    if (loop !== undefined && Array.isArray(receiver)) return loop(receiver, scope, locals);
    if (receiver === SHORT_CIRCUIT) return SHORT_CIRCUIT;
    const run = methodOf(receiver, methods);
    if (run === undefined) {
      if (receiver === null || receiver === undefined) {
        if (optional) return SHORT_CIRCUIT;
        throw missingReceiver(receiver, node, scope, locals, environment);
      }
      if (optionalCall) return SHORT_CIRCUIT;
      throw failure('EXPRESSION', `${spell(node.object)} is ${kindOf(receiver)}, which has no method .${method}()`);
    }
    return run(receiver, makeArguments(scope, locals));
  };
}

/** Names the first part of the path that is missing: `state.user is undefined: cannot call .trim() of state.user.name`. */
function missingReceiver(receiver: unknown, node: CallNode, scope: Scope, locals: unknown[], environment: Environment): Error {
  let missing = node.object;
  let value = receiver;
  while (missing.type === 'member' || missing.type === 'jexlMember' || missing.type === 'index') {
    const parent = missing.object;
    if (parent.type === 'call' || parent.type === 'builtin' || parent.type === 'filter' || parent.type === 'regex') break;
    const parentValue = environment.compile(parent)(scope, locals);
    if (parentValue !== null && parentValue !== undefined) break;
    missing = parent;
    value = parentValue;
  }
  const of = missing === node.object ? '' : ` of ${spell(node.object)}`;
  const hint = missing.type === 'agent' ? ' (the agent has not run)' : '';
  return failure('EXPRESSION', `${spell(missing)} is ${kindOf(value)}${hint}: cannot call .${node.method}()${of}`);
}

/** How an author would write the node, for messages. */
function spell(node: Expression): string {
  switch (node.type) {
    case 'root':
    case 'agent':
    case 'parameter':
      return node.name;
    case 'member':
      return /^\d+$/.test(node.property) ? `${spell(node.object)}[${node.property}]` : `${spell(node.object)}.${node.property}`;
    case 'jexlMember':
      return node.property.type === 'literal' ? `${spell(node.object)}.${node.property.value}` : `${spell(node.object)}[…]`;
    case 'index':
      return `${spell(node.object)}[…]`;
    case 'chain':
      return spell(node.expression);
    case 'call':
      return `${spell(node.object)}.${node.method}(…)`;
    case 'builtin':
      return `${node.name}(…)`;
    case 'filter':
      return `${spell(node.input)} | ${node.name}`;
    default:
      return 'the value';
  }
}

export const compileBuiltin: Compiler<'builtin'> = (node, environment) => {
  const run = builtinOf(node.name);
  const makeArguments = compileArguments(node.arguments, BUILTIN_CALLBACK_ARGUMENT.get(node.name), environment);
  return (scope, locals) => run(makeArguments(scope, locals), scope);
};

export const compileFilter: Compiler<'filter'> = (node, environment) => {
  const run = Object.hasOwn(FILTERS, node.name) ? FILTERS[node.name as keyof typeof FILTERS] : undefined;
  if (run === undefined) throw new Error(`the program uses a filter ${node.name} that does not exist`);
  const input = environment.compile(node.input);
  const makeArguments = compileArguments(node.arguments, FILTER_CALLBACK_ARGUMENT.get(node.name), environment);
  return (scope, locals) => {
    const value = input(scope, locals);
    return run(value, makeArguments(scope, locals));
  };
};

function builtinOf(name: string): (typeof BUILTINS)[keyof typeof BUILTINS] {
  const run = Object.hasOwn(BUILTINS, name) ? BUILTINS[name as keyof typeof BUILTINS] : undefined;
  if (run === undefined) throw new Error(`the program calls a builtin ${name} that does not exist`);
  return run;
}

const NO_ARGUMENTS: unknown[] = [];
const noArguments: MakeArguments = () => NO_ARGUMENTS;

/** The arguments of a call: values, and where the called takes them a function (at `callback`) or a regular expression (first). */
function compileArguments(
  nodes: readonly (Expression | SpreadElement)[],
  callback: number | undefined,
  environment: Environment,
): MakeArguments {
  if (nodes.length === 0) return noArguments;
  const special = nodes.some((node) => node.type === 'arrow' || node.type === 'builtinReference' || node.type === 'regex');
  if (!special) return compileItems(nodes, environment);
  const makers = nodes.map((node, index): { readonly make: Evaluate; readonly spread: boolean } => {
    if (node.type === 'spread') return { make: environment.compile(node.value), spread: true };
    return { make: compileArgument(node, index === callback, environment), spread: false };
  });
  return (scope, locals) => {
    const result: unknown[] = [];
    for (const { make, spread } of makers) {
      const value = make(scope, locals);
      if (spread) addAll(result, value);
      else result.push(value);
    }
    return result;
  };
}

function compileArgument(node: Expression, takesFunction: boolean, environment: Environment): Evaluate {
  if (node.type === 'regex') {
    const pattern = buildPattern(node);
    return () => pattern;
  }
  if (takesFunction && node.type === 'arrow') return compileArrow(node, environment);
  if (takesFunction && node.type === 'builtinReference') return compileBuiltinReference(node.name);
  return environment.compile(node);
}

function compileBuiltinReference(name: string): Evaluate {
  const run = builtinOf(name);
  return (scope) =>
    (...args: unknown[]) => {
      spend(1);
      return run(args, scope);
    };
}
