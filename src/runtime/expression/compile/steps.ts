import type { Expression } from '../../../program/expression.ts';

/** Nodes that only name a value cost nothing. */
const FREE: ReadonlySet<string> = new Set([
  'literal',
  'undefined',
  'root',
  'agent',
  'parameter',
  'constant',
  'regex',
  'arrow',
  'entry',
  'spread',
  'name',
]);

/**
 * How many steps one evaluation of the expression takes: its operations (reads, operators, calls, lists, objects), at least one. What lies inside
 * arrow functions is counted by their own calls.
 */
export function stepsOf(expression: Expression): number {
  return Math.max(1, count(expression));
}

function count(node: object): number {
  const type = 'type' in node ? String(node.type) : '';
  if (type === 'arrow') return 0;
  let steps = type === '' || FREE.has(type) ? 0 : 1;
  for (const child of Object.values(node)) {
    if (typeof child === 'object' && child !== null)
      steps += Array.isArray(child) ? child.reduce((sum: number, item) => sum + countItem(item), 0) : count(child);
  }
  return steps;
}

function countItem(item: unknown): number {
  return typeof item === 'object' && item !== null ? count(item) : 0;
}
