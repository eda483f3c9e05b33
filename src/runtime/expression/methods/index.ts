import { BOOLEAN_METHODS } from './boolean.ts';
import { DATE_METHODS } from './date.ts';
import { LIST_METHODS } from './list.ts';
import type { Method } from './method.ts';
import { NUMBER_METHODS } from './number.ts';
import { Pattern } from './pattern.ts';
import { REGEX_METHODS } from './regex.ts';
import { STRING_METHODS } from './string.ts';

/** What one method name means on each kind of value that has it. */
export interface MethodsByKind {
  readonly string: Method<string> | undefined;
  readonly list: Method<readonly unknown[]> | undefined;
  readonly number: Method<number> | undefined;
  readonly boolean: Method<boolean> | undefined;
  readonly date: Method<Date> | undefined;
  readonly regex: Method<Pattern> | undefined;
}

/** Looks a method name up once, when the expression is compiled. */
export function lookUpMethods(name: string): MethodsByKind {
  return {
    string: find(STRING_METHODS, name),
    list: find(LIST_METHODS, name),
    number: find(NUMBER_METHODS, name),
    boolean: find(BOOLEAN_METHODS, name),
    date: find(DATE_METHODS, name),
    regex: find(REGEX_METHODS, name),
  };
}

function find<Receiver>(table: Readonly<Record<string, Method<Receiver>>>, name: string): Method<Receiver> | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The method of this receiver; undefined when its kind has none of that name. Objects have none: their properties are data. */
export function methodOf(receiver: unknown, methods: MethodsByKind): Method<unknown> | undefined {
  if (typeof receiver === 'string') return methods.string as Method<unknown> | undefined;
  if (Array.isArray(receiver)) return methods.list as Method<unknown> | undefined;
  if (typeof receiver === 'number') return methods.number as Method<unknown> | undefined;
  if (typeof receiver === 'boolean') return methods.boolean as Method<unknown> | undefined;
  if (receiver instanceof Date) return methods.date as Method<unknown> | undefined;
  if (receiver instanceof Pattern) return methods.regex as Method<unknown> | undefined;
  return undefined;
}
