/** What workerd has beyond the Web Cryptography API. */
interface ConstantTime {
  timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean;
}

const encoder = new TextEncoder();
const subtle = crypto.subtle as typeof crypto.subtle & ConstantTime;

/** SHA-256 of a text in UTF-8. */
export async function digestOf(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(text)));
}

/** Whether two texts are the same, in a time that depends on neither: their digests are compared, all bytes of them. */
export async function secretEquals(given: string, expected: string): Promise<boolean> {
  const [a, b] = await Promise.all([digestOf(given), digestOf(expected)]);
  return subtle.timingSafeEqual(a, b);
}

/** The same for bytes, of which one side is a digest: that its length is no secret is why they are compared as they are. */
export function digestEquals(given: Uint8Array, expected: Uint8Array): boolean {
  return given.byteLength === expected.byteLength && subtle.timingSafeEqual(given, expected);
}
