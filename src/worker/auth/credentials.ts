/** Longer ones are no credentials: nothing is computed for them. */
const MAX_LENGTH = 8 * 1024;

/** What stands behind `Authorization: Bearer `; undefined when the request has no such header. */
export function bearerOf(request: Request): string | undefined {
  return credentialsOf(request, 'bearer');
}

/** `user:password` of `Authorization: Basic …` (RFC 7617, in UTF-8); undefined when the request has none that can be read. */
export function basicOf(request: Request): string | undefined {
  const encoded = credentialsOf(request, 'basic');
  if (encoded === undefined) return undefined;
  try {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The scheme's name is read in any case (RFC 9110 §11.1). */
function credentialsOf(request: Request, scheme: string): string | undefined {
  const header = request.headers.get('authorization');
  if (header === null || header.length > MAX_LENGTH) return undefined;
  const [, given = '', credentials = ''] = /^([A-Za-z]+) +(\S+)$/.exec(header) ?? [];
  return given.toLowerCase() === scheme ? credentials : undefined;
}
