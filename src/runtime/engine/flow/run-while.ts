import type { JsonValue } from '../../../program/json.ts';
import type { WhileStep } from '../../../program/program.ts';
import type { RunEvent } from '../../../program/run-event.ts';
import { failure } from '../../failure.ts';
import { journalPause } from '../journal-pause.ts';
import { ListSize, MAX_OUTPUT_SIZE } from '../json-size.ts';
import { withLocals } from '../locals.ts';
import type { StepContext } from '../step-context.ts';
import type { FlowEnd, FlowFrame } from './flow-frame.ts';
import { runSteps } from './run-steps.ts';

/**
 * Rounds of the steps as long as the condition holds, which is looked at before each one and reads what the round before left; gives the list of what the rounds gave.
 * Throws MAX_ITERATIONS when it still holds after as many as there may be.
 */
export async function runWhile(frame: FlowFrame<WhileStep>): Promise<FlowEnd> {
  const { step, context } = frame;
  const { signal } = context;
  frame.start();
  const outputs: JsonValue[] = [];
  const size = new ListSize(MAX_OUTPUT_SIZE);
  let tainted = false;
  for (let round = 0; ; round += 1) {
    if (signal.aborted) throw signal.reason;
    const inner = roundContext(context, round);
    const turn = frame.recorded();
    const recorded = turn instanceof Promise ? await turn : turn;
    const { value } = recorded?.type === 'step.decided' ? holdsAgain(frame, recorded, inner) : frame.evaluate(step.condition, inner);
    const saw = value === undefined ? {} : { saw: value };
    if (value && round >= step.maxIterations) throw tooMany(step.maxIterations);
    if (recorded?.type === 'step.failed') await frame.throwIfStoppedAgain(recorded);
    if (!value) {
      frame.decided({ took: 'stop', ...saw, round });
      size.end(outputs);
      return { output: outputs, isMeasured: true, tainted, rounds: round };
    }
    frame.decided({ took: 'again', ...saw, round });
    const end = await runSteps(step.steps, inner);
    const output = end.output ?? null;
    outputs.push(output);
    const excess = size.add(output);
    if (excess !== undefined) throw failure('OUTPUT_TOO_LARGE', `The output is ${excess}.`);
    tainted ||= end.tainted;
    // A round without an agent writes events too.
    const pause = journalPause(context);
    if (pause !== undefined) await pause;
  }
}

/** What was decided stays so. */
function holdsAgain(
  frame: FlowFrame<WhileStep>,
  { took, saw }: Extract<RunEvent, { readonly type: 'step.decided' }>,
  context: StepContext,
) {
  frame.noteTaint(frame.step.condition, context);
  return { value: saw ?? (took === 'again' ? true : undefined) };
}

function roundContext(outer: StepContext, index: number): StepContext {
  return {
    ...outer,
    locals: withLocals(outer.locals, { index, loop: Object.freeze({ index }) }, false),
    iteration: `${outer.iteration}[${index}]`,
  };
}

function tooMany(maxIterations: number): Error {
  const rounds = maxIterations === 1 ? 'one round' : `${maxIterations} rounds`;
  return failure('MAX_ITERATIONS', `The condition still holds after ${rounds}, which is as many as \`maxIterations\` allows.`);
}
