/** Crockford's base 32 in lower case: no i, l, o, u. Its order is that of the character codes, so ids sort by time. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new run's id: 10 characters of time (epoch ms) and 16 of chance (80 bits), as a ULID. */
export function createRunId(atMs: number, random: Uint8Array = crypto.getRandomValues(new Uint8Array(16))): string {
  let time = '';
  for (let rest = atMs, digit = 0; digit < 10; digit++, rest = Math.floor(rest / 32)) time = `${ALPHABET.charAt(rest % 32)}${time}`;
  let chance = '';
  for (const byte of random.subarray(0, 16)) chance += ALPHABET.charAt(byte % 32);
  return time + chance;
}

/** Whether a text has the form of a run's id. */
export function isRunId(text: string): boolean {
  return /^[0-9a-z]{26}$/.test(text);
}
