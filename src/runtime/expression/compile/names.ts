import type { RootName } from '../../../program/expression.ts';
import type { Compiler, Evaluate } from './environment.ts';

/** One function a root: each reads a property of fixed place, which an engine makes one load. */
const ROOTS: { readonly [Name in RootName]: Evaluate } = {
  input: (scope) => scope.input,
  state: (scope) => scope.state,
  env: (scope) => scope.env,
  run: (scope) => scope.run,
  trigger: (scope) => scope.trigger,
  item: (scope) => scope.item,
  index: (scope) => scope.index,
  loop: (scope) => scope.loop,
  error: (scope) => scope.error,
  mapResults: (scope) => scope.mapResults,
};

export const compileRoot: Compiler<'root'> = (node) => {
  if (!Object.hasOwn(ROOTS, node.name)) throw new Error(`the program reads a root ${node.name} that does not exist`);
  return ROOTS[node.name];
};

/** An agent that has not run is undefined. */
export const compileAgent: Compiler<'agent'> = ({ name }) => {
  return (scope) => scope.agents.get(name);
};

export const compileParameter: Compiler<'parameter'> = (node, environment) => {
  const place = environment.placeOf(node.name);
  return (_scope, locals) => locals[place];
};
