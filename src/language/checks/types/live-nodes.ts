import type { Expression } from '../../../program/expression.ts';
import { childrenOf } from '../../expression/children-of.ts';
import { truthOf } from '../../types/truth.ts';
import type { TypedHole } from '../../types/typed-values.ts';
import { isNullish, mayBe } from '../../types/union.ts';

const known = new WeakMap<TypedHole, readonly Expression[]>();

/** The nodes of an expression, each before its parts, without those that types say are never evaluated: what would fail there never does. */
export function liveNodes(hole: TypedHole): readonly Expression[] {
  const nodes = known.get(hole) ?? findNodes(hole);
  known.set(hole, nodes);
  return nodes;
}

function findNodes({ hole, typed }: TypedHole): readonly Expression[] {
  const nodes: Expression[] = [];
  const pending = [hole.expression];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    nodes.push(node);
    pending.push(...liveChildren(node, typed).toReversed());
  }
  return nodes;
}

function liveChildren(node: Expression, typed: TypedHole['typed']): readonly Expression[] {
  if (node.type === 'conditional') {
    const test = truthOf(typed.typeOf(node.test));
    if (test !== undefined) return [node.test, test ? node.then : node.else];
  }
  if (node.type === 'logical') {
    const left = typed.typeOf(node.left);
    const ends = node.operator === '??' ? left.kind !== 'never' && !mayBe(left, isNullish) : truthOf(left) === (node.operator === '||');
    if (ends) return [node.left];
  }
  return childrenOf(node);
}
