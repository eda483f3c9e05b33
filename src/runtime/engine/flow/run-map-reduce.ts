import type { MapReduceStep } from '../../../program/program.ts';
import { MAX_HELD_SIZE } from '../held-outputs.ts';
import { MAX_OUTPUT_SIZE } from '../json-size.ts';
import { withLocals } from '../locals.ts';
import type { FlowEnd, FlowFrame } from './flow-frame.ts';
import { readItems } from './read-items.ts';
import { runIterations } from './run-iterations.ts';
import { runSteps } from './run-steps.ts';

/** `map` for each item, then `reduce` once with what they gave as `mapResults`; gives the value of `reduce`, or without one the list. */
export async function runMapReduce(frame: FlowFrame<MapReduceStep>): Promise<FlowEnd> {
  const { step, context } = frame;
  const isOutput = step.reduce.length === 0;
  const bound = isOutput ? { max: MAX_OUTPUT_SIZE, what: 'The output' } : { max: MAX_HELD_SIZE, what: 'What `map` gave' };
  const { outputs, tainted } = await runIterations(frame, readItems(frame, step.items), { steps: step.map, ...bound });
  const rounds = outputs.length;
  if (isOutput) return { output: outputs, isMeasured: true, tainted, rounds };
  const { held } = context.run;
  held.add(outputs);
  try {
    const end = await runSteps(step.reduce, { ...context, locals: withLocals(context.locals, { mapResults: outputs }, tainted) });
    return { output: end.output, tainted: tainted || end.tainted, rounds };
  } finally {
    held.remove(outputs);
  }
}
