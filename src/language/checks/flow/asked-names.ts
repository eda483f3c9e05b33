import type { Expression, ObjectEntry, SpreadElement, Template } from '../../../program/expression.ts';
import { childrenOf, everyExpression } from '../../expression/children-of.ts';
import { expressionsOf } from './expressions-of.ts';

/** Fields of a result that say whether there is one (LANGUAGE §2.1). */
export const STATUS_FIELDS: ReadonlySet<string> = new Set(['executed', 'skipped', 'success', 'failed', 'error', 'failure']);
/** Methods of lists that pass over what is not there: `[a.output, b.output].find(Boolean)`. */
const PASSING_METHODS: ReadonlySet<string> = new Set(['filter', 'find', 'findLast', 'some', 'every', 'flat', 'join']);

/**
 * The agents and steps of whose results a value takes into account that they may be missing: by `??`, `||`, `&&`, `?:`, `?.`, `!`, a comparison with
 * equality, a spread, the filter `default`, or by asking `.executed` and the like. It is enough that it does so once.
 */
export function askedNames(template: Template): ReadonlySet<string> {
  const asked = new Set<string>();
  for (const expression of expressionsOf(template)) visit(expression, asked);
  return asked;
}

/** The names of agents and steps that a value reads anywhere. */
export function readNames(template: Template): ReadonlySet<string> {
  const names = new Set<string>();
  for (const expression of expressionsOf(template)) addNames(expression, names);
  return names;
}

function visit(node: Expression, asked: Set<string>): void {
  for (const part of askingParts(node)) addNames(part, asked);
  for (const child of childrenOf(node)) visit(child, asked);
}

/** The parts of a node whose absence the node takes into account. */
function askingParts(node: Expression): readonly Expression[] {
  switch (node.type) {
    case 'logical':
      // What stands behind `??` is what to take when the other is missing.
      return node.operator === '&&' ? [node.left] : [node.left, node.right];
    case 'conditional':
      return [node.test];
    case 'unary':
      return node.operator === '!' || node.operator === 'typeof' ? [node.operand] : [];
    case 'binary':
      return /^[!=]==?$/.test(node.operator) ? [node.left, node.right] : [];
    case 'array':
      return spreadValues(node.items);
    case 'object':
      return spreadValues(node.entries);
    case 'call':
      return node.optional || node.optionalCall || PASSING_METHODS.has(node.method) ? [node.object] : [];
    case 'filter':
      return node.name === 'default' ? [node.input] : [];
    case 'member':
      return node.optional || (node.object.type === 'agent' && STATUS_FIELDS.has(node.property)) ? [node.object] : [];
    case 'index':
      return node.optional ? [node.object] : [];
    case 'jexlFilter':
      return [node.subject];
    default:
      return [];
  }
}

function spreadValues(parts: readonly (Expression | SpreadElement | ObjectEntry)[]): readonly Expression[] {
  return parts.flatMap((part) => (part.type === 'spread' ? [part.value] : []));
}

function addNames(root: Expression, names: Set<string>): void {
  for (const node of everyExpression(root)) if (node.type === 'agent') names.add(node.name);
}
