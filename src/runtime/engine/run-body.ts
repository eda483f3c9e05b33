import type { Step } from '../../program/program.ts';
import { failure } from '../failure.ts';
import type { BodyCall, BodyContext, BodyEnd } from './body-context.ts';
import { buildBodyOutput } from './body-output.ts';
import { commitBodyState, commitFailedState, openBodyState } from './body-state.ts';
import { runAgent } from './run-agent.ts';
import type { RunContext } from './run-context.ts';
import { buildScope } from './scope.ts';

/**
 * Runs a body whose input was checked: state, steps in order, output, commit. Throws `AgentFailed` or another `FailureError` when it failed, `RunStop` when the
 * run is over. A failing `output` fails the body before anything of its state is written.
 */
export async function runBody(call: BodyCall, run: RunContext): Promise<BodyEnd> {
  const results: BodyContext['results'] = new Map();
  const context: BodyContext = { ...call, results, state: await openBodyState(call, results, run) };
  let end: BodyEnd;
  try {
    call.opened?.(buildScope(run, context, { input: call.input, state: context.state.snapshot(), agent: undefined }));
    for (const step of call.body.steps) {
      if (call.signal.aborted) throw call.signal.reason;
      await runStep(step, context, run);
      // The journal may be slower than agents that do little: nobody gets far ahead of it.
      const { writing } = run.log;
      if (writing !== undefined) await writing;
    }
    if (call.signal.aborted) throw call.signal.reason;
    end = buildBodyOutput(context, run);
  } catch (error) {
    await commitFailedState(context, run);
    throw error;
  }
  await commitBodyState('succeeded', context, run);
  return end;
}

async function runStep(step: Step, context: BodyContext, run: RunContext): Promise<void> {
  if (step.type !== 'agent') throw failure('UNSUPPORTED', `This version of Ensemble cannot run \`${step.type}\` steps.`);
  await runAgent(step, context, run);
}
