import type { Template } from '../../program/expression.ts';
import type { ParsedAgent } from '../model/parsed-body.ts';
import type { ParsedValue } from '../model/read.ts';

/** A `loop` taken apart (LANGUAGE §6.2). */
export interface LoopParts {
  /** What runs for each item. */
  readonly agent: ParsedAgent;
  readonly items: Template;
  readonly concurrency: number;
  readonly breakWhen?: Template;
  /** Of the loop as a whole. */
  readonly condition?: Template;
}

const ITERATION_ROOTS: ReadonlySet<string> = new Set(['item', 'index', 'loop']);

/**
 * The loop of an agent, and the agent without it; undefined when it has none. A condition that reads something of the iteration is asked for each item; one that does not is
 * asked once, before the items are.
 */
export function takeLoop(agent: ParsedAgent): LoopParts | undefined {
  const { loopItems, loopBreakWhen, condition, ...rest } = agent;
  const { loop, ...model } = agent.model;
  if (loop === undefined) return undefined;
  if (loopItems === undefined) throw new TypeError(`the loop of "${model.name.text}" has no items, which its analysis must have reported`);
  const forEach = condition !== undefined && readsIteration(condition);
  return {
    agent: { ...rest, model, ...(forEach && { condition }) },
    items: loopItems.template,
    concurrency: loop.concurrency,
    ...(loopBreakWhen !== undefined && { breakWhen: loopBreakWhen.template }),
    ...(condition !== undefined && !forEach && { condition: condition.template }),
  };
}

function readsIteration({ reads }: ParsedValue): boolean {
  return reads.some(({ kind, name }) => kind === 'root' && ITERATION_ROOTS.has(name));
}
