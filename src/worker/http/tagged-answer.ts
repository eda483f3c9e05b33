import { sha256 } from '../../program/hash.ts';

/** A text that its reader may have already (RFC 9110 §13.1.2): 304 without a body then. Private, and asked for anew each time. */
export async function answerTagged(request: Request, text: string, type: string): Promise<Response> {
  const tag = `"${(await sha256(text)).slice(0, 32)}"`;
  const headers = { etag: tag, 'cache-control': 'private, no-cache', vary: 'Authorization', 'x-content-type-options': 'nosniff' };
  const known = request.headers.get('if-none-match')?.split(',') ?? [];
  if (known.some((given) => given.trim().replace(/^W\//, '') === tag)) return new Response(null, { status: 304, headers });
  return new Response(text, { headers: { ...headers, 'content-type': type } });
}
