import type { Expression, Pattern } from '../../../program/expression.ts';
import { failure } from '../../failure.ts';
import { kindOf } from '../coerce.ts';
import { checkKeys, checkList, spend } from '../limits.ts';
import { readOwn, setOwn } from '../own.ts';
import type { Scope } from '../scope.ts';
import type { Environment, Evaluate } from './environment.ts';
import { ownReader } from './own-reader.ts';
import { stepsOf } from './steps.ts';

type ArrowNode = Extract<Expression, { type: 'arrow' }>;
/** Evaluated where the arrow function stands: gives the function that a builtin method calls. */
export type MakeFunction = (scope: Scope, locals: unknown[]) => (...args: unknown[]) => unknown;

/** Compiles an arrow function. Each call spends the steps of its body. */
export function compileArrow(node: ArrowNode, environment: Environment): MakeFunction {
  const names = node.parameters.flatMap(namesOf);
  const inner = environment.with(names);
  const body = inner.compile(node.body);
  const steps = stepsOf(node.body);
  const simple = node.parameters.every((parameter) => parameter.type === 'name' && parameter.default === undefined);
  if (simple && names.length <= 1) {
    const place = names.length === 0 ? undefined : inner.placeOf(names[0] ?? '');
    return (scope, locals) => (first) => {
      spend(steps);
      if (place !== undefined) locals[place] = first;
      return body(scope, locals);
    };
  }
  if (simple && names.length === 2) {
    const [firstPlace, secondPlace] = [inner.placeOf(names[0] ?? ''), inner.placeOf(names[1] ?? '')];
    return (scope, locals) => (first, second) => {
      spend(steps);
      locals[firstPlace] = first;
      locals[secondPlace] = second;
      return body(scope, locals);
    };
  }
  const binders = node.parameters.map((parameter) => compilePattern(parameter, inner));
  return (scope, locals) =>
    (...args) => {
      spend(steps + binders.length);
      binders.forEach((bind, index) => {
        bind(args[index], scope, locals);
      });
      return body(scope, locals);
    };
}

function namesOf(pattern: Pattern): readonly string[] {
  switch (pattern.type) {
    case 'name':
      return [pattern.name];
    case 'arrayPattern':
      return [
        ...pattern.items.flatMap((item) => (item === null ? [] : namesOf(item))),
        ...(pattern.rest === undefined ? [] : namesOf(pattern.rest)),
      ];
    case 'objectPattern':
      return [...pattern.entries.flatMap((entry) => namesOf(entry.value)), ...(pattern.rest === undefined ? [] : [pattern.rest])];
    default:
      return pattern satisfies never;
  }
}

type Bind = (value: unknown, scope: Scope, locals: unknown[]) => void;

function compilePattern(pattern: Pattern, environment: Environment): Bind {
  const bind = compileBinding(pattern, environment);
  if (pattern.default === undefined) return bind;
  const fallback: Evaluate = environment.compile(pattern.default);
  return (value, scope, locals) => bind(value === undefined ? fallback(scope, locals) : value, scope, locals);
}

function compileBinding(pattern: Pattern, environment: Environment): Bind {
  switch (pattern.type) {
    case 'name': {
      const place = environment.placeOf(pattern.name);
      return (value, _scope, locals) => {
        locals[place] = value;
      };
    }
    case 'arrayPattern':
      return compileListPattern(pattern, environment);
    case 'objectPattern':
      return compileObjectPattern(pattern, environment);
    default:
      return pattern satisfies never;
  }
}

function compileListPattern(pattern: Extract<Pattern, { type: 'arrayPattern' }>, environment: Environment): Bind {
  const items = pattern.items.map((item) => (item === null ? undefined : compilePattern(item, environment)));
  const rest = pattern.rest === undefined ? undefined : compilePattern(pattern.rest, environment);
  return (value, scope, locals) => {
    const list = typeof value === 'string' ? Array.from(value.slice(0, items.length * 2 + (rest === undefined ? 0 : value.length))) : value;
    if (!Array.isArray(list)) throw failure('EXPRESSION', `only a list can be taken apart with [ ], not ${kindOf(value)}`);
    items.forEach((bind, index) => {
      bind?.(list[index], scope, locals);
    });
    if (rest === undefined) return;
    checkList(list.length);
    rest(list.slice(items.length), scope, locals);
  };
}

/** Null and undefined have no properties: taken apart they give undefined, as reading does (LANGUAGE §3.1). */
function compileObjectPattern(pattern: Extract<Pattern, { type: 'objectPattern' }>, environment: Environment): Bind {
  const entries = pattern.entries.map(({ key, value }) => ({ read: ownReader(key), bind: compilePattern(value, environment) }));
  const taken = new Set(pattern.entries.map((entry) => entry.key));
  const restPlace = pattern.rest === undefined ? undefined : environment.placeOf(pattern.rest);
  return (value, scope, locals) => {
    for (const { read, bind } of entries) bind(read(value), scope, locals);
    if (restPlace === undefined) return;
    const rest: Record<string, unknown> = {};
    const keys = typeof value === 'object' && value !== null && !(value instanceof Date) ? Object.keys(value) : [];
    checkKeys(keys.length);
    for (const key of keys) if (!taken.has(key)) setOwn(rest, key, readOwn(value, key));
    locals[restPlace] = rest;
  };
}
