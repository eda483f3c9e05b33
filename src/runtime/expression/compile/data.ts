import type { Expression, SpreadElement } from '../../../program/expression.ts';
import { CONSTANTS } from '../../../program/expression-vocabulary.ts';
import { failure } from '../../failure.ts';
import { kindOf, toKey, toText } from '../coerce.ts';
import { checkKeys, checkList, checkString, work } from '../limits.ts';
import { setOwn } from '../own.ts';
import type { Compiler, Environment, Evaluate } from './environment.ts';

export const compileLiteral: Compiler<'literal'> = ({ value }) => {
  return () => value;
};

export const compileUndefined: Compiler<'undefined'> = () => () => undefined;

export const compileConstant: Compiler<'constant'> = ({ name }) => {
  const value = CONSTANTS.get(name);
  if (value === undefined) throw new Error(`the program reads a constant ${name} that does not exist`);
  return () => value;
};

export const compileTemplateLiteral: Compiler<'template'> = (node, environment) => {
  const values = node.values.map((value) => environment.compile(value));
  const [first = '', ...texts] = node.texts;
  return (scope, locals) => {
    let result = first;
    for (let index = 0; index < values.length; index++) {
      result += toText(values[index]?.(scope, locals)) + (texts[index] ?? '');
      checkString(result.length);
    }
    return result;
  };
};

export const compileArray: Compiler<'array'> = (node, environment) => {
  return compileItems(node.items, environment);
};

/** The items of a list, or the arguments of a call, spread out. Gives a new list each time. */
export function compileItems(
  items: readonly (Expression | SpreadElement)[],
  environment: Environment,
): (...args: Parameters<Evaluate>) => unknown[] {
  const parts = items.map((item) => ({
    spread: item.type === 'spread',
    evaluate: environment.compile(item.type === 'spread' ? item.value : item),
  }));
  if (parts.some((part) => part.spread)) {
    return (scope, locals) => {
      const result: unknown[] = [];
      for (const part of parts) {
        const value = part.evaluate(scope, locals);
        if (!part.spread) result.push(value);
        else addAll(result, value);
      }
      checkList(result.length);
      return result;
    };
  }
  const evaluates = parts.map((part) => part.evaluate);
  return (scope, locals) => {
    const result: unknown[] = [];
    for (const evaluate of evaluates) result.push(evaluate(scope, locals));
    return result;
  };
}

/** Spreads a list, or a string by its code points. */
export function addAll(target: unknown[], value: unknown): void {
  if (!Array.isArray(value) && typeof value !== 'string') {
    throw failure('EXPRESSION', `only a list or a string can be spread with \`...\` into a list, not ${kindOf(value)}`);
  }
  checkList(target.length + value.length);
  for (const item of value) target.push(item);
}

export const compileObject: Compiler<'object'> = (node, environment) => {
  const entries = node.entries.map((entry) => ({
    key: entry.type === 'entry' && typeof entry.key === 'string' ? entry.key : undefined,
    computed: entry.type === 'entry' && typeof entry.key !== 'string' ? environment.compile(entry.key) : undefined,
    value: environment.compile(entry.value),
  }));
  return (scope, locals) => {
    work(entries.length * 50);
    const result: Record<string, unknown> = {};
    for (const { key, computed, value } of entries) {
      if (key !== undefined) setOwn(result, key, value(scope, locals));
      else if (computed === undefined) spreadInto(result, value(scope, locals));
      else {
        const name = toKey(computed(scope, locals));
        setOwn(result, name, value(scope, locals));
      }
    }
    return result;
  };
};

/** `{...value}`: own properties; of a string its characters; nothing of null, undefined, numbers and booleans. */
function spreadInto(target: Record<string, unknown>, value: unknown): void {
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean' || value instanceof Date) return;
  const keys = Object.keys(value);
  checkKeys(keys.length);
  for (const key of keys) setOwn(target, key, (value as Readonly<Record<string, unknown>>)[key]);
}
