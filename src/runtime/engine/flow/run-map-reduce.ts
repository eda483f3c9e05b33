import type { MapReduceStep } from '../../../program/program.ts';
import { withLocals } from '../locals.ts';
import type { FlowEnd, FlowFrame } from './flow-frame.ts';
import { readItems } from './read-items.ts';
import { runIterations } from './run-iterations.ts';
import { runSteps } from './run-steps.ts';

/** `map` for each item, then `reduce` once with what they gave as `mapResults`; gives the value of `reduce`, or without one the list. */
export async function runMapReduce(frame: FlowFrame<MapReduceStep>): Promise<FlowEnd> {
  const { step, context } = frame;
  const { outputs, tainted } = await runIterations(frame, readItems(frame, step.items), { steps: step.map });
  const rounds = outputs.length;
  if (step.reduce.length === 0) return { output: outputs, tainted, rounds };
  const end = await runSteps(step.reduce, { ...context, locals: withLocals(context.locals, { mapResults: outputs }, tainted) });
  return { output: end.output, tainted: tainted || end.tainted, rounds };
}
