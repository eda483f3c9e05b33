import { failure } from '../failure.ts';
import { withDeadline } from './abort.ts';
import { Config } from './config.ts';
import type { Operation, Waiting } from './operation.ts';

/** LANGUAGE §5 `approval`: waits until a person answers. A rejection is an answer too, no failure: `approved` is false then. */
export const approval: Operation = {
  name: 'approval',
  effect: true,
  taints: false,
  async run(given, context) {
    const config = new Config('approval', given, ['prompt', 'data', 'timeout', 'approvers']);
    const { answers, clock } = context.ports;
    const timeoutMs = config.durationMs('timeout');
    const approvers = readApprovers(config);
    const [prompt, data] = [config.text('prompt'), config.value('data')];
    if (answers === undefined) throw failure('UNSUPPORTED', 'This host has no way to ask a person.');
    const waiting: Waiting = {
      reason: 'approval',
      ...(timeoutMs === undefined ? {} : { until: clock.now() + timeoutMs }),
      ...(prompt === undefined ? {} : { prompt }),
      ...(data === undefined ? {} : { data }),
      ...(approvers === undefined ? {} : { approvers }),
    };
    const late = () => failure('APPROVAL_TIMEOUT', `Nobody answered within the ${timeoutMs} ms that \`timeout\` allows.`);
    const { approved, feedback, approver } = await withDeadline({ clock, signal: context.signal }, timeoutMs, late, async (signal) => {
      // Asked before it is told: an answer may come as soon as somebody hears of the question.
      const answered = answers.ask({ agent: context.agent, approvers }, signal);
      answered.catch(() => undefined);
      await context.waits(waiting);
      return answered;
    });
    return { output: { approved, feedback: feedback ?? null, approver: approver ?? null } };
  },
};

function readApprovers(config: Config): readonly string[] | undefined {
  const approvers = config.texts('approvers');
  if (approvers?.length === 0) throw config.invalid('needs at least one of "approvers": nobody could answer; leave it out to let anyone');
  return approvers;
}
