import type { Expression } from '../../program/expression.ts';
import { isAlways } from '../types/infer/operators.ts';
import { hasMethod, isRegexMethod, receiverOf, receiversOf } from '../types/infer/receiver.ts';
import { membersOf, type Type } from '../types/type.ts';
import type { TypedHole } from '../types/typed-values.ts';
import { isNullish, mayBe, withoutNullish } from '../types/union.ts';
import type { Check } from './check.ts';
import { describeType } from './types/describe-type.ts';
import { liveNodes } from './types/live-nodes.ts';
import { spellNode } from './types/spell-node.ts';

type Call = Extract<Expression, { type: 'call' }>;

const CALLED_ON: Readonly<Record<string, string>> = {
  string: 'strings',
  list: 'lists',
  number: 'numbers',
  boolean: 'booleans',
  date: 'dates',
};

/** A method that a value lacks fails the expression, and so does any method of nothing. */
export const wrongMethod: Check = {
  codes: ['wrong-method'],
  check(_, findings, { types }) {
    for (const typed of types.holes) {
      for (const node of liveNodes(typed)) {
        if (node.type !== 'call' || node.object.type === 'regex' || node.optionalCall) continue;
        const type = typed.typed.typeOf(node.object);
        if (!neverHas(type, node, typed)) continue;
        const span = typed.places?.nameSpanOf(node) ?? typed.places?.spanOf(node);
        if (span === undefined) continue;
        const message = isAlways(type, isNullish)
          ? `${spellNode(node.object)} is always ${describeType(type)}: \`.${node.method}()\` of it fails`
          : `${spellNode(node.object)} is ${describeType(type)} and has no method \`.${node.method}()\``;
        findings.report('wrong-method', span, message, { help: helpFor(type, node) });
      }
    }
  },
};

function neverHas(type: Type, { method, optional, object }: Call, typed: TypedHole): boolean {
  if (type.kind === 'unknown' || type.kind === 'never') return false;
  const members = membersOf(type);
  if (members.some((member) => hasReceiver(member, method))) return false;
  // `a?.b()` of nothing is nothing, and so is what follows a `?.` that ended the chain before.
  return members.every(isNullish) ? !optional && !mayEnd(object, typed) : !members.some(isNullish) || !(optional || mayEnd(object, typed));
}

function hasReceiver(member: Parameters<typeof receiverOf>[0], method: string): boolean {
  const receiver = receiverOf(member);
  return receiver !== undefined && hasMethod(receiver, method);
}

/** Whether a `?.` in what the method is called on may end the chain. */
function mayEnd(object: Expression, typed: TypedHole): boolean {
  for (let link = object; link.type === 'member' || link.type === 'index' || link.type === 'call'; link = link.object) {
    if (link.optional && mayBe(typed.typed.typeOf(link.object), isNullish)) return true;
  }
  return false;
}

function helpFor(type: Type, { method }: Call): string | undefined {
  if (isAlways(type, isNullish)) return undefined;
  const kinds = receiversOf(method).map((kind) => CALLED_ON[kind]);
  if (isAlways(withoutNullish(type), ({ kind }) => kind === 'object')) {
    const instead = receiversOf(method).includes('list')
      ? '; go through an object with `Object.entries(…)`, `Object.values(…)` or `| keys`'
      : '';
    return `objects have no methods, their properties are data${instead}`;
  }
  if (isRegexMethod(method)) return 'it is a method of a regular expression: `/…/.test(text)`';
  return kinds.length === 0 ? undefined : `only ${kinds.join(' and ')} have it`;
}
