import type { JsonValue } from '../../program/json.ts';
import type { AgentStep } from '../../program/program.ts';
import type { Scope } from '../expression/scope.ts';
import { FailureError, failure } from '../failure.ts';
import type { ActionCall } from './actions/action.ts';
import { prepareAction } from './actions/prepare-action.ts';
import type { AgentFrame } from './agent-frame.ts';
import { SKIPPED_RESULT } from './agent-result.ts';
import type { BodyContext } from './body-context.ts';
import { failAgent, finishAgent, stopAgent } from './end-agent.ts';
import type { Evaluate } from './evaluate.ts';
import { prepareAgent } from './prepare-agent.ts';
import { type AttemptsEnd, runAttempts } from './run-attempts.ts';
import type { RunContext } from './run-context.ts';
import { buildScope } from './scope.ts';
import { readsTaint } from './taint.ts';
import { templateSource } from './template-source.ts';

/**
 * Runs one agent and leaves its result in `body.results` (LANGUAGE §2). Throws `AgentFailed` when it failed and nothing handles that; `RunStop`, or the
 * TIMEOUT of an agent around the body, when the run or the body is over. Every way out is journalled first.
 */
export async function runAgent(step: AgentStep, body: BodyContext, run: RunContext): Promise<void> {
  const prepared = prepareAgent(step);
  const state = body.state.view(step.use, step.useAll);
  const scope = buildScope(run, body, { input: body.input, state, agent: step.path });
  const decision = prepared.condition === undefined ? GO : decide(prepared.condition, scope);
  if (decision.type === 'skip') {
    const condition = step.condition === undefined ? '' : templateSource(step.condition);
    run.log.add({ type: 'agent.skipped', agent: step.path, condition, saw: decision.saw });
    body.results.set(step.name, SKIPPED_RESULT);
    return;
  }
  const startedAt = run.ports.clock.now();
  run.limits.countStep(startedAt);
  run.log.add({ type: 'agent.started', agent: step.path, operation: prepared.operation });
  const frame: AgentFrame = {
    step,
    prepared,
    body,
    run,
    scope,
    startedAt,
    tainted: taintsByItself(step, run) || readsTaint(step, prepared.readsInput, body),
    progress: { attempts: 1 },
  };
  let end: AttemptsEnd;
  try {
    end = decision.type === 'fail' ? beforeAnyTry(decision.error) : await act(frame);
  } catch (stop) {
    stopAgent(frame, stop);
    throw stop;
  }
  if (end.ok) await finishAgent(frame, end);
  else failAgent(frame, end);
}

type Decision =
  | { readonly type: 'go' }
  | { readonly type: 'skip'; readonly saw: JsonValue }
  | { readonly type: 'fail'; readonly error: FailureError };
const GO: Decision = { type: 'go' };

function decide(condition: Evaluate, scope: Scope): Decision {
  try {
    const saw = condition(scope);
    return saw ? GO : { type: 'skip', saw: saw ?? null };
  } catch (error) {
    if (error instanceof FailureError) return { type: 'fail', error };
    throw error;
  }
}

function act(frame: AgentFrame): AttemptsEnd | Promise<AttemptsEnd> {
  const { step, body, run, progress } = frame;
  let call: ActionCall;
  try {
    call = prepareCall(frame);
  } catch (error) {
    if (error instanceof FailureError) return beforeAnyTry(error);
    throw error;
  }
  return runAttempts(step, call, body, run, progress);
}

function prepareCall({ step, prepared, body, run, scope, tainted }: AgentFrame): ActionCall {
  if (step.rejectTainted && readsTaint(step, prepared.readsInput, body)) {
    throw failure(
      'TAINTED',
      'The agent has `reject_tainted: true` and what it reads came from outside (`${x.tainted}` tells of which agent).',
    );
  }
  const own = prepared.input === undefined ? scope : { ...scope, input: prepared.input(scope) ?? null };
  return prepareAction({ run, body, step, prepared, scope: own, tainted });
}

/** Its condition, input or config could not be evaluated, which no further try would change. */
function beforeAnyTry({ failure }: FailureError): AttemptsEnd {
  return { attempts: 1, ok: false, failure, facts: {} };
}

function taintsByItself({ action }: AgentStep, run: RunContext): boolean {
  return action.type === 'operation' && run.operations.get(action.operation)?.taints === true;
}
