/**
 * What is known of a value before anything runs: a structural type. It serves rules, hover and completion; nothing at run time knows it. Sound: the value that an expression has is
 * always one of its type's, so a rule that reports only what no value of a type can do reports nothing wrong (test/language/types/ proves it on random ones).
 */
export type Type =
  /** Anything, undefined included. */
  | { readonly kind: 'unknown' }
  /** No value: what gives it always fails. */
  | { readonly kind: 'never' }
  | { readonly kind: 'undefined' }
  | { readonly kind: 'null' }
  | { readonly kind: 'string'; readonly value?: string }
  | NumberType
  | { readonly kind: 'boolean'; readonly value?: boolean }
  | { readonly kind: 'date' }
  | ListType
  | ObjectType
  /** Two members or more, none of them a union, `unknown` or `never`; see `unionOf`. */
  | { readonly kind: 'union'; readonly members: readonly Member[] };

export type Member = Exclude<Type, { readonly kind: 'union' | 'unknown' | 'never' }>;
export type Kind = Type['kind'];

export interface NumberType {
  readonly kind: 'number';
  readonly value?: number;
  readonly integer?: true;
  /** It may be NaN or an infinity, which JSON knows as null. Sums and products of finite numbers count as finite. */
  readonly inexact?: true;
}

export interface ListType {
  readonly kind: 'list';
  readonly items: Type;
  /** The types of exactly these items. */
  readonly tuple?: readonly Type[];
}

export interface ObjectType {
  readonly kind: 'object';
  readonly properties: ReadonlyMap<string, Property>;
  /**
   * What the listed properties are: `all` that there can be, those that the author `declared` (others are possible, and most likely mistakes),
   * or just `some`.
   */
  readonly lists: 'all' | 'declared' | 'some';
  /** The type of properties that are not listed; `unknown` where nothing is known. Never looked at for `all`. */
  readonly others: Type;
}

export interface Property {
  readonly type: Type;
  /** The object may lack it. */
  readonly optional: boolean;
  readonly description?: string;
}

export const UNKNOWN: Type = { kind: 'unknown' };
export const NEVER: Type = { kind: 'never' };
export const UNDEFINED: Member = { kind: 'undefined' };
export const NULL: Member = { kind: 'null' };
export const STRING: Member = { kind: 'string' };
export const NUMBER: NumberType = { kind: 'number' };
export const INTEGER: NumberType = { kind: 'number', integer: true };
export const INEXACT: NumberType = { kind: 'number', inexact: true };
export const BOOLEAN: Member = { kind: 'boolean' };
export const TRUE: Member = { kind: 'boolean', value: true };
export const FALSE: Member = { kind: 'boolean', value: false };
export const DATE: Member = { kind: 'date' };
/** An object of which nothing is known. */
export const OBJECT: ObjectType = { kind: 'object', properties: new Map(), lists: 'some', others: UNKNOWN };

export function listOf(items: Type): ListType {
  return { kind: 'list', items };
}

/** An object with these properties and no others. */
export function shapeOf(properties: Readonly<Record<string, Type | Property>>): ObjectType {
  const entries = Object.entries(properties).map(([key, value]): [string, Property] => [
    key,
    'type' in value ? value : { type: value, optional: false },
  ]);
  return { kind: 'object', properties: new Map(entries), lists: 'all', others: UNKNOWN };
}

/** For `shapeOf`: a property that may be missing. */
export function maybe(type: Type): Property {
  return { type, optional: true };
}

/** An object of any keys whose values are of one type. */
export function recordOf(others: Type): ObjectType {
  return { kind: 'object', properties: new Map(), lists: 'some', others };
}

/** The alternatives of a type that is not `unknown`: none for `never`, itself for a plain one. */
export function membersOf(type: Exclude<Type, { readonly kind: 'unknown' }>): readonly Member[] {
  if (type.kind === 'never') return [];
  return type.kind === 'union' ? type.members : [type];
}
