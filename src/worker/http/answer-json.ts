export interface JsonAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that no cache keeps and no browser takes for anything but JSON. */
export function answerJson(value: unknown, { status = 200, headers = {} }: JsonAnswer = {}): Response {
  return Response.json(value, { status, headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers } });
}
