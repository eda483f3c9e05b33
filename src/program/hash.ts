import type { JsonValue } from './json.ts';
import type { Program } from './program.ts';

/** SHA-256 of the program's canonical JSON, 64 hexadecimal digits: the same for the same program, whatever the order of its keys in memory. */
export function hashProgram(program: Program): Promise<string> {
  return sha256(canonicalJson(program as unknown as JsonValue));
}

/** SHA-256 of a text in UTF-8, 64 hexadecimal digits. */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** JSON text without white space, the keys of each object sorted by UTF-16 units (as in RFC 8785); keys whose value is undefined are left out. */
export function canonicalJson(value: JsonValue | undefined): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${sorted.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}
