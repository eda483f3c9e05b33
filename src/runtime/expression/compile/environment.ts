import type { Expression } from '../../../program/expression.ts';
import type { Scope } from '../scope.ts';

/**
 * A compiled expression. `locals` holds the parameters of arrow functions, each in a place of its own: an arrow function can neither call itself
 * nor be kept for later, so no two of its calls are ever alive at once.
 */
export type Evaluate = (scope: Scope, locals: unknown[]) => unknown;

/** What is known while an expression is compiled, and the way to compile a part of it. */
export class Environment {
  private readonly compileNode: (node: Expression, environment: Environment) => Evaluate;
  private readonly parameters: ReadonlyMap<string, number>;
  /** How many places `locals` needs; shared by all scopes of one expression. */
  private readonly size: { places: number };

  constructor(
    compileNode: (node: Expression, environment: Environment) => Evaluate,
    parameters: ReadonlyMap<string, number> = new Map(),
    size: { places: number } = { places: 0 },
  ) {
    this.compileNode = compileNode;
    this.parameters = parameters;
    this.size = size;
  }

  compile(node: Expression): Evaluate {
    return this.compileNode(node, this);
  }

  get places(): number {
    return this.size.places;
  }

  /** The place of a parameter that is in sight. */
  placeOf(name: string): number {
    const place = this.parameters.get(name);
    if (place === undefined) throw new Error(`the program reads a parameter ${name} that nothing binds`);
    return place;
  }

  /** The environment of an arrow function's body; its parameters hide outer ones of the same name. */
  with(names: readonly string[]): Environment {
    const parameters = new Map(this.parameters);
    for (const name of names) parameters.set(name, this.size.places++);
    return new Environment(this.compileNode, parameters, this.size);
  }
}

/** Compiles a node that stands where a value is due; arrow functions are compiled by the calls that take them. */
export type Compiler<Type extends Expression['type']> = (node: Extract<Expression, { type: Type }>, environment: Environment) => Evaluate;
