import { answerChat } from '../support/chat-completions.ts';
import { openTestServer, sendJson, type TestServer } from '../support/http-server.ts';

export interface EffectsServer extends AsyncDisposable {
  readonly origin: string;
  /** How often each idempotency key came in so far. */
  counts(): ReadonlyMap<string, number>;
  /** Resolves once nobody is connected: whatever was sent is counted by then. */
  deserted(): Promise<void>;
}

/** A real server whose answers depend on the path alone, but that of `fails-once`: that one refuses the first request with each key. */
export async function openEffectsServer(): Promise<EffectsServer> {
  const seen = new Map<string, number>();
  const server: TestServer = await openTestServer((request, response) => {
    const key = request.headers['idempotency-key'];
    const count = (seen.get(String(key)) ?? 0) + 1;
    if (typeof key === 'string') seen.set(key, count);
    const path = request.url.slice(1);
    if (path.startsWith('v1/')) return answerChat(request, response, () => 'said');
    if (path.startsWith('always-500')) return sendJson(response, { path }, 500);
    if (path.startsWith('always-404')) return sendJson(response, { path }, 404);
    if (path.startsWith('fails-once') && count === 1) return sendJson(response, { path }, 503);
    if (path === 'secret') {
      const right = request.headers.authorization === 'Bearer token-of-the-test' && request.body.includes('"hidden-value"');
      return sendJson(response, { path }, right ? 200 : 400);
    }
    sendJson(response, { path });
  });
  return {
    origin: server.origin,
    counts: () => new Map(seen),
    deserted: server.deserted,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
