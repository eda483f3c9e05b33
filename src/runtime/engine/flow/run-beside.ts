import type { StepContext } from '../step-context.ts';
import { inWriteOrder } from './in-write-order.ts';
import { SideBySide } from './side-by-side.ts';

export interface BesidePlan {
  /** The path of the step whose tasks they are. */
  readonly path: string;
  readonly count: number;
  readonly concurrency: number;
}

/** One of the things that a step runs side by side, in a context with a place and a signal of its own. */
export type BesideTask = (position: number, context: StepContext, group: SideBySide) => Promise<void>;

/**
 * Runs the tasks of a step that may be at work beside each other (see `SideBySide`), each in the step's context but for its `signal` and its place in the `order`. They share
 * its results.
 */
export function runBeside(outer: StepContext, { path, count, concurrency }: BesidePlan, task: BesideTask): Promise<void> {
  const { signal, order } = outer;
  const hold = outer.run.replay?.hold;
  if (Math.min(count, concurrency) <= 1)
    return SideBySide.run({ count, concurrency, signal, hold }, (position, _, group) => task(position, outer, group));
  return inWriteOrder(outer, { path, place: order }, () =>
    SideBySide.run({ count, concurrency, signal, hold }, (position, own, group) =>
      task(position, { ...outer, signal: own, order: [...order, position] }, group),
    ),
  );
}
