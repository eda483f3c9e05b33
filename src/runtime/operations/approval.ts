import type { ApprovalAnswer } from '../../program/approval.ts';
import type { JsonValue } from '../../program/json.ts';
import { failure } from '../failure.ts';
import { withDeadline } from './abort.ts';
import { Config } from './config.ts';
import type { Operation, Waiting } from './operation.ts';

const KEYS = ['prompt', 'data', 'timeout', 'on_timeout', 'approvers'];

/**
 * LANGUAGE §5 `approval`: waits until a person answers. A rejection is an answer too, no failure: `approved` is false then. What happens when nobody answers within `timeout` `on_timeout` says:
 * the agent fails (the default), or goes on as if it had been approved or rejected, with `timed_out: true` in its output.
 */
export const approval: Operation = {
  name: 'approval',
  effect: true,
  taints: false,
  waits: true,
  async run(given, context) {
    const config = new Config('approval', given, KEYS);
    const { ports, waited } = context;
    const { answers, clock } = ports;
    const timeoutMs = config.durationMs('timeout');
    const onTimeout = config.oneOf('on_timeout', ['fail', 'approve', 'reject']) ?? 'fail';
    if (timeoutMs === undefined && config.has('on_timeout')) throw config.invalid('takes "on_timeout" only with "timeout"');
    const approvers = readApprovers(config);
    const [prompt, data] = [config.text('prompt'), config.value('data')];
    if (answers === undefined) throw failure('UNSUPPORTED', 'This host has no way to ask a person.');
    const until = waited === undefined ? (timeoutMs === undefined ? undefined : clock.now() + timeoutMs) : waited.until;
    const waiting: Waiting = {
      reason: 'approval',
      ...(until === undefined ? {} : { until }),
      ...(prompt === undefined ? {} : { prompt }),
      ...(data === undefined ? {} : { data }),
      ...(approvers === undefined ? {} : { approvers }),
    };
    const late = failure('APPROVAL_TIMEOUT', `Nobody answered within the ${timeoutMs} ms that \`timeout\` allows.`);
    const leftMs = until === undefined ? undefined : Math.max(0, until - clock.now());
    try {
      const answer = await withDeadline(
        { clock, signal: context.signal },
        leftMs,
        () => late,
        async (signal) => {
          // Asked before it is told: an answer may come as soon as somebody hears of the question.
          const answered = answers.ask({ agent: context.agent, approvers }, signal);
          answered.catch(() => undefined);
          if (waited === undefined) await context.waits(waiting);
          ports.steps?.listen({ start: context.start, agent: context.agent, until }, signal);
          return answered;
        },
      );
      return { output: outputOf(answer) };
    } catch (error) {
      if (error !== late || onTimeout === 'fail') throw error;
      return { output: { ...outputOf({ approved: onTimeout === 'approve' }), timed_out: true } };
    }
  },
};

function outputOf({ approved, feedback, approver, data }: ApprovalAnswer): { readonly [key: string]: JsonValue } {
  return { approved, feedback: feedback ?? null, approver: approver ?? null, ...(data === undefined ? {} : { data }) };
}

function readApprovers(config: Config): readonly string[] | undefined {
  const approvers = config.texts('approvers');
  if (approvers?.length === 0) throw config.invalid('needs at least one of "approvers": nobody could answer; leave it out to let anyone');
  return approvers;
}
