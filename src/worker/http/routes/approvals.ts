import type { ApprovalAnswer } from '../../../program/approval.ts';
import type { JsonSchema } from '../../../program/json.ts';
import { openRun } from '../../open-run.ts';
import { answerJson } from '../answer-json.ts';
import { reachRun } from '../may-reach.ts';
import { AGENT, RUN } from '../parameters.ts';
import { refuse } from '../refused-request.ts';
import { describeRun } from '../run-detail.ts';
import { ref } from '../schema-parts.ts';
import { defineRoute, json } from './route.ts';

const SCOPE = 'runs:approve';
const ANSWER: JsonSchema = {
  type: 'object',
  properties: {
    approved: { type: 'boolean' },
    feedback: { type: 'string', maxLength: 10_000, description: 'What the ensemble and whoever reads the events are told.' },
    approver: { type: 'string', minLength: 1, maxLength: 256, description: 'Who answered; the name of the key unless told.' },
    data: { description: 'What else the ensemble is to know: any JSON.' },
  },
  required: ['approved'],
  additionalProperties: false,
};

export const answerApproval = defineRoute({
  method: 'POST',
  path: '/runs/{run}/approvals/{agent}',
  operation: 'answerApproval',
  scopes: [SCOPE],
  summary: 'Answers what an agent of the run asks.',
  description:
    'A key that may approve is trusted with who it was: where `approver` is absent it is the name of the key. Where the ensemble says who alone may answer, it must be one of them.',
  parameters: { run: RUN, agent: AGENT },
  query: {},
  body: { description: 'The answer.', schema: ANSWER, required: true },
  responses: {
    200: { description: 'The answer is kept. The run as it stands.', content: json(ref('Run')) },
    403: {
      description: 'The key may not approve; with `approvers`: only these may answer.',
      content: { 'application/problem+json': ref('Problem') },
    },
  },
  async answer(call) {
    const { env, caller, path } = call;
    await reachRun(call, SCOPE, path.run);
    const answer: ApprovalAnswer = { approver: caller.name, ...(call.body as unknown as ApprovalAnswer) };
    const outcome = await openRun(env, path.run).answer(path.agent, JSON.stringify(answer));
    if (outcome.type === 'unknown') refuse('not-found', 'No agent of that path waits for an answer (any more).');
    if (outcome.type === 'refused') {
      refuse('forbidden', `"${answer.approver}" may not answer this.`, { members: { approvers: outcome.approvers } });
    }
    return answerJson(await describeRun(env, await reachRun(call, SCOPE, path.run)));
  },
});
