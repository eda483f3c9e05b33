import type { Template } from '../../../program/expression.ts';
import type { JsonValue } from '../../../program/json.ts';
import type { ForeachStep, MapReduceStep, Step } from '../../../program/program.ts';
import { BranchCancelled } from '../branch-cancelled.ts';
import { type Locals, withLocals } from '../locals.ts';
import { withOwnName } from '../own-name.ts';
import { Results } from '../results.ts';
import type { StepContext } from '../step-context.ts';
import type { FlowFrame } from './flow-frame.ts';
import { LatestResults } from './latest-results.ts';
import type { Items } from './read-items.ts';
import { type BesideTask, runBeside } from './run-beside.ts';
import { runSteps } from './run-steps.ts';

export interface IterationPlan {
  readonly steps: readonly Step[];
  readonly breakWhen?: Template | undefined;
}

/** What the iterations gave, in item order; null where one gave nothing. Ends with the first item, in item order, for which `breakWhen` held. */
export interface Iterated {
  readonly outputs: readonly JsonValue[];
  readonly tainted: boolean;
}

/**
 * Runs the steps once for each item, `concurrency` of them at once, each with `item`, `index` and results of its own, and leaves the latest results by name. The first
 * failure that nothing handles cancels the rest. What it holds for an item that is done is its output.
 */
export async function runIterations(
  frame: FlowFrame<ForeachStep | MapReduceStep>,
  { items, tainted }: Items,
  { steps, breakWhen }: IterationPlan,
): Promise<Iterated> {
  const { context, step } = frame;
  const outputs = new Array<JsonValue>(items.length).fill(null);
  const latest = new LatestResults();
  const bound = withLocals(context.locals, { item: undefined, index: undefined, loop: undefined }, tainted);
  let anyTainted = tainted;
  let length = items.length;

  const iterate: BesideTask = async (index, beside, group) => {
    const inner: StepContext = {
      ...beside,
      results: new Results(context.results),
      locals: bindItem(bound, items[index] ?? null, index),
      iteration: `${context.iteration}[${index}]`,
    };
    try {
      const end = await runSteps(steps, inner);
      outputs[index] = end.output ?? null;
      anyTainted ||= end.tainted;
      if (breakWhen === undefined || index >= length) return;
      const { value } = frame.evaluate(breakWhen, ofLoopedAgent(frame, inner));
      if (!value) return;
      frame.decided({ took: 'stop', ...(value === undefined ? {} : { saw: value }), round: index });
      length = index + 1;
      latest.dropAfter(index);
      group.stopAfter(index, new BranchCancelled('Cancelled, because the loop ended with an item before this one.'));
    } finally {
      if (index < length) latest.add(index, inner.results);
    }
  };

  try {
    await runBeside(context, { path: frame.path, count: items.length, concurrency: step.concurrency }, iterate);
  } finally {
    latest.leaveIn(context.results);
  }
  outputs.length = length;
  return { outputs, tainted: anyTainted };
}

/** What the `breakWhen` of a `loop` reads: its agent by the name that `agents:` gives it too. */
function ofLoopedAgent({ step }: FlowFrame<ForeachStep | MapReduceStep>, context: StepContext): StepContext {
  const agent = step.type === 'foreach' && step.loop ? step.steps[0] : undefined;
  return agent?.type === 'agent' ? withOwnName(agent, context) : context;
}

function bindItem(bound: Locals, item: JsonValue, index: number): Locals {
  return { ...bound, item, index, loop: Object.freeze({ item, index }) };
}
