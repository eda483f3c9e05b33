import { matchesHost } from '../../../program/host-pattern.ts';
import type { JsonObject, JsonValue } from '../../../program/json.ts';
import type { HttpResponseInfo } from '../../../program/run-event.ts';
import { FailureError, failure } from '../../failure.ts';
import { type SentRequest, sendRequest, showUrl } from '../../network/send-request.ts';
import { setOwn } from '../../own-property.ts';
import { abortFailure, unlessBounded, withDeadline } from '../abort.ts';
import { Config } from '../config.ts';
import { MAX_BASE64_BYTES, MAX_BODY_BYTES, MAX_REQUEST_MS } from '../limits.ts';
import type { Operation, OperationContext, OperationResult } from '../operation.ts';
import { OperationFailure } from '../operation-failure.ts';
import { secretFinder, snippet } from '../snippet.ts';
import { buildRequest, type RequestPlan } from './build-request.ts';
import { type ExpectedStatuses, readExpected } from './expected-statuses.ts';
import { decodeBody, readBytes, reasonOf } from './read-body.ts';
import { parseRetryAfter } from './retry-after.ts';

const KEYS = ['url', 'method', 'headers', 'query', 'body', 'timeout', 'expect', 'redirect', 'allow_hosts', 'as', 'response'];
const FORMATS = ['json', 'text', 'base64'] as const;
/** Of a body that only explains a failure no more is read. */
const ERROR_BODY_BYTES = 256 * 1024;

/** LANGUAGE §5 `http`: sends one request; the output is its body (or `{status, headers, body}` with `response: full`). */
export const http: Operation = {
  name: 'http',
  effect: true,
  taints: true,
  async run(settings, context) {
    const config = new Config('http', settings, KEYS);
    const plan = buildRequest(config, context.idempotencyKey);
    const wish = {
      expected: readExpected(config, plan.redirect),
      format: config.oneOf('as', FORMATS),
      full: config.oneOf('response', ['full', 'body']) === 'full',
    };
    const given = config.durationMs('timeout');
    const timeoutMs = given ?? unlessBounded(context.signal, MAX_REQUEST_MS);
    const why = given === undefined ? `the ${timeoutMs} ms that a request without a "timeout" may take` : `its timeout of ${given} ms`;
    const timedOut = () => failure('TIMEOUT', `${plan.method} ${showUrl(plan.url)} took longer than ${why}`, { retryable: true });
    return withDeadline({ clock: context.ports.clock, signal: context.signal }, timeoutMs, timedOut, (signal) =>
      exchange(plan, wish, context, signal),
    );
  },
};

interface Wish {
  readonly expected: ExpectedStatuses;
  readonly format: (typeof FORMATS)[number] | undefined;
  readonly full: boolean;
}

async function exchange(
  plan: RequestPlan,
  { expected, format, full }: Wish,
  context: OperationContext,
  signal: AbortSignal,
): Promise<OperationResult> {
  const { response, url } = await send(plan, context, signal);
  const info = describeResponse(response, url);
  const what = `${plan.method} ${showUrl(url)}`;
  try {
    if (!expected.includes(response.status)) throw await statusFailure(response, what, expected, context, signal);
    const bytes = await readBytes(response, format === 'base64' ? MAX_BASE64_BYTES : MAX_BODY_BYTES, signal, what);
    const body: JsonValue = plan.method === 'HEAD' ? null : decodeBody(bytes, response, format, context, what);
    return { output: full ? { status: response.status, headers: info.headers, body } : body, response: info };
  } catch (error) {
    throw error instanceof FailureError ? new OperationFailure(error.failure, { response: info }) : error;
  }
}

async function send(plan: RequestPlan, context: OperationContext, signal: AbortSignal): Promise<SentRequest> {
  if (signal.aborted) throw abortFailure(signal);
  const { url, method, headers, body, redirect, allowedHosts } = plan;
  const refuse = (target: URL) =>
    allowedHosts === undefined || allowedHosts.some((pattern) => matchesHost(pattern, target))
      ? undefined
      : 'its host is not one that `allow_hosts` lists';
  try {
    // Not following is also how `error` is done: the redirect is then no expected status.
    const outgoing = { url, method, headers, body, follow: redirect === 'follow', refuse, holdsSecret: secretFinder(context) };
    return await sendRequest(outgoing, context.ports, signal);
  } catch (error) {
    if (error instanceof FailureError) throw error;
    if (signal.aborted) throw abortFailure(signal);
    throw failure('NETWORK', `${method} ${showUrl(url)} got no answer: ${snippet(reasonOf(error), context)}`, {
      retryable: true,
    });
  }
}

/** Timeouts, overload and faults of the server may pass; other statuses say that the request is wrong (LANGUAGE §2.3). */
export function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

async function statusFailure(
  response: Response,
  what: string,
  expected: ExpectedStatuses,
  context: OperationContext,
  signal: AbortSignal,
): Promise<FailureError> {
  const { status, headers } = response;
  const body = await readErrorBody(response, signal, what);
  const target = status >= 300 && status < 400 ? headers.get('location') : null;
  const location = target === null ? undefined : URL.parse(target, response.url || undefined);
  const redirected = location ? ` (a redirect to ${showUrl(location)})` : '';
  const text = body === '' ? '' : `: ${snippet(body, context)}`;
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'), context.ports.clock.now());
  return failure('HTTP_STATUS', `${what} answered ${status}${redirected}, expected ${expected.description}${text}`, {
    status,
    retryable: isRetryableStatus(status),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** The explanation in a failed response; none when it cannot be read, for the status is what counts. */
async function readErrorBody(response: Response, signal: AbortSignal, what: string): Promise<string> {
  try {
    return new TextDecoder().decode(await readBytes(response, ERROR_BODY_BYTES, signal, what));
  } catch {
    if (signal.aborted) throw abortFailure(signal);
    return '';
  }
}

function describeResponse(
  response: Response,
  url: URL,
): HttpResponseInfo & { readonly headers: JsonObject & Readonly<Record<string, string>> } {
  const headers: { [name: string]: string } = {};
  for (const [name, value] of response.headers) {
    const known = Object.hasOwn(headers, name) ? headers[name] : undefined;
    setOwn(headers, name, known === undefined ? value : `${known}, ${value}`);
  }
  return { status: response.status, ok: response.ok, headers, url: url.href };
}
