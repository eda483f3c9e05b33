import type { Expression } from '../../../program/expression.ts';
import { compileBuiltin, compileCall, compileFilter } from './calls.ts';
import { compileChain } from './chain.ts';
import { compileArray, compileConstant, compileLiteral, compileObject, compileTemplateLiteral, compileUndefined } from './data.ts';
import type { Compiler, Environment, Evaluate } from './environment.ts';
import { compileJexlFilter, compileJexlIndex, compileJexlMember } from './jexl.ts';
import { compileIndex, compileMember } from './members.ts';
import { compileAgent, compileParameter, compileRoot } from './names.ts';
import { compileBinary, compileConditional, compileLogical, compileUnary } from './operators.ts';

/** How each kind of node is compiled. */
const COMPILERS: { readonly [Type in Expression['type']]: Compiler<Type> } = {
  literal: compileLiteral,
  undefined: compileUndefined,
  regex: misplaced,
  template: compileTemplateLiteral,
  array: compileArray,
  object: compileObject,
  root: compileRoot,
  agent: compileAgent,
  parameter: compileParameter,
  constant: compileConstant,
  member: compileMember,
  index: compileIndex,
  chain: compileChain,
  call: compileCall,
  builtin: compileBuiltin,
  builtinReference: misplaced,
  filter: compileFilter,
  unary: compileUnary,
  binary: compileBinary,
  logical: compileLogical,
  conditional: compileConditional,
  arrow: misplaced,
  jexlFilter: compileJexlFilter,
  jexlMember: compileJexlMember,
  jexlIndex: compileJexlIndex,
};

/** Compiles any node to a closure. */
export function compileNode(node: Expression, environment: Environment): Evaluate {
  const compile = COMPILERS[node.type] as (node: Expression, environment: Environment) => Evaluate;
  return compile(node, environment);
}

/** Functions and regular expressions are no values: the calls that take them compile them, so that they never come out of an expression. */
function misplaced(node: Expression): Evaluate {
  throw new Error(`the program has a node ${node.type} where a value is due`);
}
