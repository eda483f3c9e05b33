import type { Expression, SpreadElement } from '../../../program/expression.ts';
import type { Locals } from '../environment.ts';
import type { Type } from '../type.ts';

/** What the tables of methods, builtins and filters may ask about a call. */
export interface Call {
  readonly nodes: readonly (Expression | SpreadElement)[];
  /** How many arguments there are; undefined when one is spread. */
  readonly count: number | undefined;
  /** The type of an argument that is a value; `undefined`'s when it is left out, `unknown` behind a spread. */
  argument(index: number): Type;
  /** What the function at `index` gives when it is called with values of these types. */
  callback(index: number, ...parameters: readonly Type[]): Type;
}

/** Infers one node; part of an inference that goes on. */
export type Infer = (node: Expression, locals: Locals) => Type;
