import { isDeepStrictEqual } from 'node:util';
import type { Template } from '../../../src/program/expression.ts';
import type { JsonValue } from '../../../src/program/json.ts';
import { findReads } from '../../../src/runtime/engine/template-reads.ts';
import type { Scope } from '../../../src/runtime/expression/scope.ts';

/** What an expression can read of, each by a name of its own in what is found to be read. */
const ROOTS = ['input', 'state', 'env', 'run', 'trigger', 'item', 'index', 'loop', 'error', 'mapResults'] as const;

/** Something else than anything that is generated. */
const OTHER: JsonValue = { k: 'other', v: 'other', a: ['other'] };

export type Evaluate = (scope: Scope) => unknown;

/**
 * What is wrong with what the engine takes a template to read, by which it tells what is tainted (LANGUAGE §4.5); undefined when nothing is: whatever else changes of the scope, and of what
 * earlier agents left, it gives the same.
 */
export function findReadFault(template: Template, evaluate: Evaluate, scope: Scope, told: readonly string[]): string | undefined {
  const { roots, agents } = findReads([template]);
  const language = new Set(told);
  const first = outcomeOf(evaluate, scope);
  for (const root of ROOTS) {
    const isRead = roots.has(root);
    if (isRead !== language.has(`root ${root}`)) return `is said to read ${root} by the ${isRead ? 'engine' : 'language'} alone`;
    if (!isRead && !isDeepStrictEqual(outcomeOf(evaluate, { ...scope, [root]: OTHER }), first)) return `reads ${root}, which nobody says`;
  }
  const names = ['step', 'fetch-user'];
  for (const name of names) {
    const isRead = agents.has(name);
    if (isRead !== language.has(`agent ${name}`)) return `is said to read ${name} by the ${isRead ? 'engine' : 'language'} alone`;
    const others = { get: (asked: string) => (asked === name ? { output: OTHER } : scope.agents.get(asked)) };
    if (!isRead && !isDeepStrictEqual(outcomeOf(evaluate, { ...scope, agents: others }), first)) return `reads ${name}, which nobody says`;
  }
  return undefined;
}

function outcomeOf(evaluate: Evaluate, scope: Scope): unknown {
  try {
    return [evaluate(scope)];
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}
