import type { JsonValue } from '../../../program/json.ts';
import { answerJson } from '../../http/answer-json.ts';
import { problem } from '../../http/problem.ts';
import type { RunEnd } from '../../run-end.ts';
import { buildHeaders } from './response-headers.ts';

/** Statuses whose answers have no body (RFC 9110 §6.4.1). */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * What the caller of an http trigger gets of a run that is over: the response block that fitted (LANGUAGE §7), or else the output as JSON, 204 when there is none. Of a run that failed it gets
 * the failure's code and no more: its message may tell what the ensemble knows.
 */
export function answerEnd(run: string, end: RunEnd): Response {
  if (end.status !== 'succeeded') return failed(run, end.failure?.code ?? 'DEFECT');
  if (end.response === undefined)
    return end.output === undefined ? new Response(null, { status: 204, headers: PLAIN }) : answerJson(end.output);
  const { status = 200 } = end.response;
  const headers = buildHeaders(end.response.headers ?? {});
  if (typeof headers === 'string') return failed(run, 'CONFIG_INVALID', headers);
  if (status < 200 || status > 599) return failed(run, 'CONFIG_INVALID', `\`status\` is ${status}, which no Worker can answer with`);
  for (const [name, value] of Object.entries(PLAIN)) if (!headers.has(name)) headers.set(name, value);
  return new Response(BODILESS.has(status) ? null : encode(end.output, headers), { status, headers });
}

/** No cache keeps an answer, and no browser guesses what it is, unless the author says otherwise. */
const PLAIN = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/** Text is sent as it is, everything else as JSON. */
function encode(output: JsonValue | undefined, headers: Headers): string | null {
  if (output === undefined) return null;
  const isText = typeof output === 'string';
  if (!headers.has('content-type')) headers.set('content-type', isText ? 'text/plain; charset=utf-8' : 'application/json');
  return isText ? output : JSON.stringify(output);
}

function failed(run: string, code: string, why?: string): Response {
  return problem('run-failed', `The run ended with ${code}${why === undefined ? '' : `: ${why}`}.`, {
    members: { run, failure: { code } },
  });
}
