/** What can be wrong with a request, by its stable code: status and title of the answer (RFC 9457). */
export const PROBLEMS = {
  'bad-request': { status: 400, title: 'The request cannot be understood' },
  'invalid-json': { status: 400, title: 'The body is not valid JSON' },
  unauthorized: { status: 401, title: 'Credentials are missing or wrong' },
  forbidden: { status: 403, title: 'These credentials do not allow that' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-not-allowed': { status: 405, title: 'This path does not answer that method' },
  'not-acceptable': { status: 406, title: 'None of the accepted media types can be given' },
  conflict: { status: 409, title: 'The state of the run or the scope does not allow that' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body has a media type that is not taken here' },
  'invalid-input': { status: 422, title: 'The input is not what the ensemble declares' },
  'idempotency-mismatch': { status: 422, title: 'The Idempotency-Key was used for another request' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'run-failed': { status: 500, title: 'The run failed' },
  internal: { status: 500, title: 'This is a bug in Ensemble' },
  unavailable: { status: 503, title: 'This Worker lacks something that it needs' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;
export type ProblemCode = keyof typeof PROBLEMS;

export interface ProblemOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the problem: `errors` with the places of what is wrong. */
  readonly members?: Readonly<Record<string, unknown>>;
}

const KEPT_BY_NOBODY = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/** An answer of type `application/problem+json` (RFC 9457). `detail` is a sentence about this very request. */
export function problem(code: ProblemCode, detail: string, { headers, members }: ProblemOptions = {}): Response {
  const { status, title } = PROBLEMS[code];
  return Response.json(
    { ...members, type: `urn:ensemble:problem:${code}`, title, status, code, detail },
    { status, headers: { ...headers, 'content-type': 'application/problem+json', ...KEPT_BY_NOBODY } },
  );
}
