/**
 * A set of characters: one bit for each of ASCII's, one for white space beyond it, one for all others. Coarse on the safe side: a set may look
 * larger than it is.
 */
export type CharSet = bigint;

const OTHER_SPACE = 1n << 128n;
const OTHER = 1n << 129n;
const ASCII = OTHER_SPACE - 1n;
const ALL = (1n << 130n) - 1n;

function range(from: string, to: string): CharSet {
  let set = 0n;
  for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code++) set |= 1n << BigInt(code);
  return set;
}

const digit = range('0', '9');
const word = digit | range('a', 'z') | range('A', 'Z') | range('_', '_');
const space = range('\t', '\r') | range(' ', ' ') | OTHER_SPACE;
const newline = range('\n', '\n') | range('\r', '\r');

const letterSK = range('s', 's') | range('k', 'k') | range('S', 'S') | range('K', 'K');

/** Sets by what a pattern calls them. */
export const charSetOf = {
  none: 0n,
  all: ALL,
  dot: ALL & ~newline,
  other: OTHER,
  d: digit,
  D: ALL & ~digit,
  w: word,
  W: ALL & ~word,
  s: space,
  S: ALL & ~space,
} as const;

export function charSet(char: string, ignoreCase: boolean): CharSet {
  return rangeSet(char.codePointAt(0) ?? 0, char.codePointAt(0) ?? 0, ignoreCase);
}

/** The code points from `first` to `last`; with `ignoreCase` both cases of the letters. */
export function rangeSet(first: number, last: number, ignoreCase: boolean): CharSet {
  let set = last > 127 ? OTHER | OTHER_SPACE : 0n;
  for (let code = first; code <= Math.min(last, 127); code++) {
    set |= 1n << BigInt(code);
    if (ignoreCase && /[a-z]/i.test(String.fromCharCode(code))) set |= 1n << BigInt(code ^ 32);
  }
  // `ſ` and the Kelvin sign fold to `s` and `k`.
  return ignoreCase && intersects(set, letterSK) ? set | OTHER : set;
}

/** What is surely in a set that was made of single characters: of the characters beyond ASCII it may hold just some. */
export function sureOf(set: CharSet): CharSet {
  return set & ASCII;
}

/** All characters but those of `sure`. */
export function complement(sure: CharSet): CharSet {
  return ALL & ~sure;
}

export function union(left: CharSet, right: CharSet): CharSet {
  return left | right;
}

export function intersects(left: CharSet, right: CharSet): boolean {
  return (left & right) !== 0n;
}
