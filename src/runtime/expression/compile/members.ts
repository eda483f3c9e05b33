import { readIndex } from '../own.ts';
import type { Compiler } from './environment.ts';
import { inputReader, ownReader, parameterReader, readLength } from './own-reader.ts';

/** Null and undefined have no properties, so `a.b` and `a?.b` are the same but in front of a call (see `compileChain`). */
export const compileMember: Compiler<'member'> = (node, environment) => {
  const { object } = node;
  if (node.property === 'length') {
    const list = environment.compile(object);
    return (scope, locals) => readLength(list(scope, locals));
  }
  if (object.type === 'root' && object.name === 'input') return inputReader(node.property);
  if (object.type === 'parameter') return parameterReader(node.property, environment.placeOf(object.name));
  const read = ownReader(node.property);
  if (object.type === 'root' && object.name === 'state') return (scope) => read(scope.state);
  if (object.type === 'agent') {
    const { name } = object;
    return (scope) => read(scope.agents.get(name));
  }
  const inner = environment.compile(object);
  return (scope, locals) => read(inner(scope, locals));
};

export const compileIndex: Compiler<'index'> = (node, environment) => {
  const object = environment.compile(node.object);
  const property = environment.compile(node.property);
  return (scope, locals) => readIndex(object(scope, locals), property(scope, locals));
};
