import type { Expression } from '../../program/expression.ts';
import type { FilterName } from '../../program/expression-vocabulary.ts';
import { isAlways } from '../types/infer/operators.ts';
import { itemOf } from '../types/property-type.ts';
import type { Member, Type } from '../types/type.ts';
import type { TypedHole } from '../types/typed-values.ts';
import { isNullish } from '../types/union.ts';
import type { Check } from './check.ts';
import { describeType } from './types/describe-type.ts';
import { liveNodes } from './types/live-nodes.ts';
import { spellNode } from './types/spell-node.ts';

interface Taste {
  /** What the filter works on, for messages. */
  readonly takes: string;
  /** Kinds of values for which it gives undefined, NaN or JSON text. */
  readonly refuses: readonly Member['kind'][];
  readonly help?: string;
}

const TEXT: Taste = { takes: 'a text', refuses: ['list', 'object'], help: 'to do it for each item write `.map(item => …)`' };
const LIST: Taste = { takes: 'a list', refuses: ['string', 'number', 'boolean', 'date', 'object'] };
const SEQUENCE: Taste = { takes: 'a list or a text', refuses: ['number', 'boolean', 'date', 'object'] };
const NUMBER: Taste = { takes: 'a number', refuses: ['list', 'object'] };
const KEYED: Taste = { takes: 'an object', refuses: ['string', 'number', 'boolean', 'date'] };

/** What each filter makes nothing of (src/runtime/expression/filters); it never fails. Filters that take anything are not here. */
const TASTES: Readonly<Partial<Record<FilterName, Taste>>> = {
  uppercase: TEXT,
  lowercase: TEXT,
  capitalize: TEXT,
  trim: TEXT,
  split: { takes: 'a text', refuses: ['list', 'object'] },
  join: { takes: 'a list', refuses: ['object'], help: 'to join what an object holds write `(… | values) | join`' },
  length: { takes: 'a list, a text or an object', refuses: ['number', 'boolean', 'date'] },
  first: SEQUENCE,
  last: SEQUENCE,
  slice: SEQUENCE,
  reverse: SEQUENCE,
  sort: LIST,
  unique: LIST,
  sum: LIST,
  min: LIST,
  max: LIST,
  abs: NUMBER,
  round: NUMBER,
  floor: NUMBER,
  ceil: NUMBER,
  number: { takes: 'a text or a number', refuses: ['list', 'object'] },
  keys: KEYED,
  values: KEYED,
};
const ADDING: ReadonlySet<string> = new Set(['sum', 'min', 'max']);

/** Filters never fail: given what they cannot work on, they give undefined, or something that nobody wants. */
export const wrongFilterInput: Check = {
  codes: ['wrong-filter-input'],
  check(_, findings, { types }) {
    for (const typed of types.holes) {
      for (const node of liveNodes(typed)) {
        if (node.type !== 'filter') continue;
        const fault = findFault(node, typed);
        const span = fault && (typed.places?.nameSpanOf(node) ?? typed.places?.spanOf(node));
        if (fault !== undefined && span !== undefined) findings.report('wrong-filter-input', span, fault.message, { help: fault.help });
      }
    }
  },
};

function findFault({ name, input, arguments: [by] }: Extract<Expression, { type: 'filter' }>, typed: TypedHole) {
  const taste = Object.hasOwn(TASTES, name) ? TASTES[name as FilterName] : undefined;
  const type = typed.typed.typeOf(input);
  if (taste === undefined || isAlways(type, isNullish)) return undefined;
  if (isAlways(type, (member) => isNullish(member) || taste.refuses.includes(member.kind))) {
    return { message: `\`${name}\` takes ${taste.takes}, and ${spellNode(input)} is ${describeType(type)}`, help: taste.help };
  }
  if (!ADDING.has(name) || by !== undefined || !isAlways(type, (member) => isNullish(member) || holdsObjects(member))) return undefined;
  return {
    message: `\`${name}\` takes a list of numbers, and ${spellNode(input)} is a list of objects`,
    help: `say which field is meant: \`${name}('price')\``,
  };
}

function holdsObjects(member: Member): boolean {
  if (member.kind !== 'list') return false;
  const items: Type = itemOf(member);
  return isAlways(items, (item) => isNullish(item) || item.kind === 'object') && !isAlways(items, isNullish);
}
