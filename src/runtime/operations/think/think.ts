import type { Usage } from '../../../program/run-event.ts';
import type { FailureError } from '../../failure.ts';
import { failure } from '../../failure.ts';
import { unlessBounded, withDeadline } from '../abort.ts';
import { Config } from '../config.ts';
import { MAX_MODEL_MS } from '../limits.ts';
import type { Operation, OperationContext, OperationResult } from '../operation.ts';
import { OperationFailure } from '../operation-failure.ts';
import { snippet } from '../snippet.ts';
import type { ModelAnswer } from './model-answer.ts';
import { type ModelRequest, readRequest, THINK_KEYS } from './model-request.ts';
import { costOf } from './prices.ts';
import { readAnswer } from './structured-output.ts';

/**
 * LANGUAGE §5 `think`: asks a model. The output is its text, or, with `config.schema` or the agent's `schema.output`, the value that was checked against it; an
 * answer that does not satisfy the schema is `MODEL_OUTPUT` and retryable, with the usage that it cost.
 */
export const think: Operation = {
  name: 'think',
  effect: true,
  taints: true,
  async run(given, context) {
    const request = readRequest(new Config('think', given, THINK_KEYS), context);
    // Loaded with the first call: the AI SDK is 1 MB, and most runs ask no model.
    const { callModel } = await import('./provider-call.ts');
    const timeoutMs = unlessBounded(context.signal, MAX_MODEL_MS);
    const timedOut = () => {
      const message = `${request.provider} (${request.model}) took longer than the ${timeoutMs} ms that a model may take without a "timeout"`;
      return failure('TIMEOUT', message, { retryable: true });
    };
    const answer = await withDeadline({ clock: context.ports.clock, signal: context.signal }, timeoutMs, timedOut, (signal) =>
      callModel(request, { ...context, signal }),
    );
    for (const warning of answer.warnings) context.warn('model-setting', `${request.provider} (${request.model}): ${warning}`);
    const known = { model: answer.model, ...countUsage(request, answer, context) };
    const failed = (problem: FailureError) => new OperationFailure(problem.failure, known);
    if (answer.finish === 'content-filter' && answer.text === '') {
      throw failed(failure('MODEL', `${request.provider} (${request.model}) withheld its answer (content filter)`));
    }
    if (request.schema === undefined) return { output: textOutput(request, answer, context), ...known };
    const read = readAnswer(request.schema, answer.text);
    if ('value' in read) return { output: read.value, ...known };
    const shown = answer.text.trim() === '' ? 'it is empty' : snippet(answer.text, context);
    const cut = answer.finish === 'length' ? '; it was cut off at the token limit, raise "maxTokens"' : '';
    throw failed(failure('MODEL_OUTPUT', `the answer of ${request.model} ${read.problem}${cut}: ${shown}`, { retryable: true }));
  },
};

function textOutput(request: ModelRequest, answer: ModelAnswer, context: OperationContext): string {
  if (answer.finish === 'length')
    context.warn('model-cut-off', `the answer of ${request.model} was cut off at the token limit; raise "maxTokens"`);
  return answer.text;
}

function countUsage(request: ModelRequest, answer: ModelAnswer, context: OperationContext): Pick<OperationResult, 'usage'> {
  if (answer.inputTokens === undefined && answer.outputTokens === undefined) {
    context.warn(
      'usage-unknown',
      `${request.provider} (${request.model}) did not say how many tokens it used; limits on tokens and cost do not see them`,
    );
    return {};
  }
  const tokens = { input_tokens: answer.inputTokens ?? 0, output_tokens: answer.outputTokens ?? 0 };
  const cost =
    costOf(request.provider, answer.model, tokens.input_tokens, tokens.output_tokens) ??
    costOf(request.provider, request.model, tokens.input_tokens, tokens.output_tokens);
  const usage: Usage = cost === undefined ? tokens : { ...tokens, cost_usd: cost };
  return { usage };
}
