import type { RootName } from '../../program/expression.ts';
import type { Type } from './type.ts';

/** What the names of an expression stand for at its place in the file. */
export interface Environment {
  root(name: RootName): Type;
  /** What an agent (or a named step) left behind; `unknown` for a name that is none. */
  agent(name: string): Type;
}

/** Types of the parameters of arrow functions around a node, by name. */
export type Locals = ReadonlyMap<string, Type>;

export const NO_LOCALS: Locals = new Map();
