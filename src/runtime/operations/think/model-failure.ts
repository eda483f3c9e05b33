import { APICallError, EmptyResponseBodyError, InvalidResponseDataError, NoContentGeneratedError } from 'ai';
import { type FailureError, failure } from '../../failure.ts';
import { isRetryableStatus } from '../http/http.ts';
import { parseRetryAfter } from '../http/retry-after.ts';
import type { OperationContext } from '../operation.ts';
import { snippet } from '../snippet.ts';
import type { ModelRequest } from './model-request.ts';

/** An answer of the right form in which the essential is missing; the next one may have it. */
const GAPS = [EmptyResponseBodyError, InvalidResponseDataError, NoContentGeneratedError];

/**
 * Turns what the AI SDK threw into `MODEL`. Retryable: timeouts, overload and faults of the provider, and answers that broke off or are not its API's
 * JSON. Not retryable: what the provider says is wrong with the request. `status` and `retryAfterMs` as with http.
 */
export function modelFailure(error: unknown, { provider, model }: ModelRequest, context: OperationContext): FailureError {
  const who = `${provider} (${model})`;
  if (!APICallError.isInstance(error)) {
    const message = error instanceof Error ? error.message : String(error);
    const retryable = GAPS.some((gap) => gap.isInstance(error));
    return failure('MODEL', `${who} gave no usable answer: ${snippet(message, context)}`, { retryable });
  }
  const { statusCode: status, responseHeaders, responseBody = '' } = error;
  const said = snippet(error.message || responseBody, context, 300);
  if (status === undefined) return failure('MODEL', `${who} failed: ${said}`, { retryable: error.isRetryable });
  if (status < 400) {
    const body = responseBody === '' ? '' : `: ${snippet(responseBody, context)}`;
    return failure('MODEL', `${who} answered ${status}, but the answer broke off or is not of its API${body}`, { status, retryable: true });
  }
  const retryAfterMs = readRetryAfter(responseHeaders ?? {}, context.ports.clock.now());
  return failure('MODEL', `${who} answered ${status}: ${said}`, {
    status,
    retryable: isRetryableStatus(status),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** OpenAI and Anthropic also send the finer `retry-after-ms`. */
function readRetryAfter(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const ms = headers['retry-after-ms'];
  return ms !== undefined && /^\d{1,12}(?:\.\d+)?$/.test(ms) ? Math.round(Number(ms)) : parseRetryAfter(headers['retry-after'], now);
}
