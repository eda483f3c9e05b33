import type { Template } from '../../../program/expression.ts';
import type { JsonValue } from '../../../program/json.ts';
import type { ForeachStep, MapReduceStep, Step } from '../../../program/program.ts';
import type { RunEvent } from '../../../program/run-event.ts';
import { BranchCancelled } from '../branch-cancelled.ts';
import { type Locals, withLocals } from '../locals.ts';
import { withOwnName } from '../own-name.ts';
import { stepLine } from '../replay/event-lines.ts';
import type { RecordedRun } from '../replay/recorded-run.ts';
import { Results } from '../results.ts';
import type { StepContext } from '../step-context.ts';
import type { FlowFrame } from './flow-frame.ts';
import { GatheredOutputs } from './gathered-outputs.ts';
import { LatestResults } from './latest-results.ts';
import type { Items } from './read-items.ts';
import { type BesideTask, runBeside } from './run-beside.ts';
import { runSteps } from './run-steps.ts';

export interface IterationPlan {
  readonly steps: readonly Step[];
  readonly breakWhen?: Template | undefined;
  /** How large the list of what they give may be, and what it is called where it is larger. */
  readonly max: number;
  readonly what: string;
}

/** What the iterations gave, in item order; null where one gave nothing. Ends with the first item, in item order, for which `breakWhen` held. */
export interface Iterated {
  readonly outputs: readonly JsonValue[];
  readonly tainted: boolean;
}

/**
 * Runs the steps once for each item, `concurrency` of them at once, each with `item`, `index` and results of its own, and leaves the latest results by name. The first
 * failure that nothing handles cancels the rest, as does an output with which the list is too large. What it holds for an item that is done is its output.
 */
export async function runIterations(
  frame: FlowFrame<ForeachStep | MapReduceStep>,
  { items, tainted }: Items,
  { steps, breakWhen, max, what }: IterationPlan,
): Promise<Iterated> {
  const { context, step } = frame;
  const { held } = context.run;
  const outputs = new GatheredOutputs({ count: items.length, max, what, mayEnd: breakWhen !== undefined }, held);
  const latest = new LatestResults();
  const bound = withLocals(context.locals, { item: undefined, index: undefined, loop: undefined }, tainted);
  let anyTainted = tainted;
  let length = items.length;

  const iterate: BesideTask = async (index, beside, group) => {
    const inner: StepContext = {
      ...beside,
      results: new Results(context.results, held),
      locals: bindItem(bound, items[index] ?? null, index),
      iteration: `${context.iteration}[${index}]`,
    };
    try {
      const end = await runSteps(steps, inner);
      outputs.put(index, end.output);
      anyTainted ||= end.tainted;
      if (breakWhen === undefined) return outputs.settle(index);
      if (index >= length) return;
      const isAlone = beside.order.length === 0 && !context.body.beside;
      const decides = decideBreak(frame, { breakWhen, index, isAlone, context: ofLoopedAgent(frame, inner) });
      const stops = decides instanceof Promise ? await decides : decides;
      if (index >= length) return;
      if (stops) {
        length = index + 1;
        outputs.endWith(index);
        latest.dropAfter(index);
        group.stopAfter(index, new BranchCancelled('Cancelled, because the loop ended with an item before this one.'));
      }
      outputs.settle(index);
    } finally {
      if (index < length) latest.add(index, inner.results);
      inner.results.release();
    }
  };

  try {
    await runBeside(context, { path: frame.path, count: items.length, concurrency: step.concurrency }, iterate);
  } finally {
    outputs.release();
    latest.leaveIn(context.results);
  }
  return { outputs: outputs.take(), tainted: anyTainted };
}

interface Break {
  readonly breakWhen: Template;
  readonly index: number;
  /** Nothing else is at work: evaluated again in a resumed run it gives the same again. */
  readonly isAlone: boolean;
  readonly context: StepContext;
}

/** Whether the loop ends with this item. That it does not is journalled only where what runs beside it could change that. */
function decideBreak(frame: FlowFrame<ForeachStep | MapReduceStep>, plan: Break): boolean | Promise<boolean> {
  const { replay } = plan.context.run;
  return replay === undefined || replay.isOver ? decideNow(frame, plan) : decideAgain(frame, plan, replay);
}

function decideNow(frame: FlowFrame<ForeachStep | MapReduceStep>, plan: Break): boolean {
  const { breakWhen, index: round, isAlone, context } = plan;
  const { value } = frame.evaluate(breakWhen, context);
  if (value || !isAlone) frame.decided({ took: value ? 'stop' : 'again', ...(value === undefined ? {} : { saw: value }), round });
  return Boolean(value);
}

/** As it was decided, where that is recorded. */
async function decideAgain(frame: FlowFrame<ForeachStep | MapReduceStep>, plan: Break, replay: RecordedRun): Promise<boolean> {
  const { breakWhen, index, isAlone, context } = plan;
  const recorded = findDecided(replay.rest(stepLine(frame.path)), index);
  if (recorded !== undefined) {
    await replay.reach(recorded);
    frame.noteTaint(breakWhen, context);
    frame.decided(recorded);
    return recorded.took === 'stop';
  }
  if (isAlone && !frame.evaluate(breakWhen, context).value) return false;
  await replay.live(context.signal);
  return decideNow(frame, plan);
}

/** What was decided after this item, in this very run of the loop. */
function findDecided(rest: Iterable<RunEvent>, round: number): Extract<RunEvent, { readonly type: 'step.decided' }> | undefined {
  for (const event of rest) {
    if (event.type !== 'step.decided') return undefined;
    if (event.round === round) return event;
  }
  return undefined;
}

/** What the `breakWhen` of a `loop` reads: its agent by the name that `agents:` gives it too. */
function ofLoopedAgent({ step }: FlowFrame<ForeachStep | MapReduceStep>, context: StepContext): StepContext {
  const agent = step.type === 'foreach' && step.loop ? step.steps[0] : undefined;
  return agent?.type === 'agent' ? withOwnName(agent, context) : context;
}

function bindItem(bound: Locals, item: JsonValue, index: number): Locals {
  return { ...bound, item, index, loop: Object.freeze({ item, index }) };
}
