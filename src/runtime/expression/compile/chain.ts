import type { Expression } from '../../../program/expression.ts';
import { readIndex } from '../own.ts';
import { compileCallOn, compileReceiver } from './calls.ts';
import type { Compiler, Environment, Evaluate } from './environment.ts';
import { ownReader } from './own-reader.ts';
import { SHORT_CIRCUIT } from './short-circuit.ts';

export const compileChain: Compiler<'chain'> = (node, environment) => {
  const link = compileLink(node.expression, environment);
  return (scope, locals) => {
    const value = link(scope, locals);
    return value === SHORT_CIRCUIT ? undefined : value;
  };
};

/** One link of a `?.` chain: as the node itself, but it hands on {@link SHORT_CIRCUIT} and begins one where it is optional. */
export function compileLink(node: Expression, environment: Environment): Evaluate {
  if (node.type === 'call') {
    const receiver = compileReceiver(node, (object) => compileLink(object, environment));
    return compileCallOn(receiver, node, environment);
  }
  if (node.type !== 'member' && node.type !== 'index') return environment.compile(node);
  const object = compileLink(node.object, environment);
  const read = node.type === 'member' ? ownReader(node.property) : undefined;
  const property = node.type === 'index' ? environment.compile(node.property) : undefined;
  const { optional } = node;
  return (scope, locals) => {
    const value = object(scope, locals);
    if (value === SHORT_CIRCUIT || (optional && (value === null || value === undefined))) return SHORT_CIRCUIT;
    return read === undefined ? readIndex(value, property?.(scope, locals)) : read(value);
  };
}
