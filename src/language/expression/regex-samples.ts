import { type CharSet, charSetOf, union } from './regex-chars.ts';
import type { CharsNode } from './regex-parser.ts';

const ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
/** Of what there is beyond ASCII: letters of several scripts, a mark, digits, white space, punctuation, symbols, what is not assigned. */
const BEYOND = [...'éÉßſΩωЯяאعअ漢あア한٣½\u0301\u00a0\u2028\u3000—“…€😀\u{10fffd}'];

/**
 * What of a number of characters each part of a pattern takes, as the engine itself says: one bit for each. All of ASCII is among them, and whatever the pattern names, so that two sets with a bit in common
 * surely meet; two without may meet somewhere else.
 */
export function sampleSets(pattern: string, flags: string): (part: CharsNode) => CharSet {
  const samples = [...new Set([...ASCII, ...BEYOND, ...namedIn(pattern)])];
  const known = new Map<string, CharSet>();
  return ({ written }) => {
    const set = known.get(written) ?? setOf(new RegExp(`^(?:${written})$`, flags.replaceAll(/[gmy]/g, '')), samples);
    known.set(written, set);
    return set;
  };
}

function setOf(part: RegExp, samples: readonly string[]): CharSet {
  return samples.reduce<CharSet>((set, sample, bit) => (part.test(sample) ? union(set, 1n << BigInt(bit)) : set), charSetOf.none);
}

/** The characters beyond ASCII that stand in the pattern or that an escape tells of, and those beside them. */
function namedIn(pattern: string): readonly string[] {
  const literal = [...pattern].map((char) => char.codePointAt(0) ?? 0).filter((code) => code > 127);
  const escaped = [...pattern.matchAll(/\\u\{([0-9a-fA-F]+)\}|\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})/g)];
  const codes = [...literal, ...escaped.map(([, ...digits]) => Number.parseInt(digits.find((some) => some !== undefined) ?? '0', 16))];
  return codes.flatMap((code) => [code - 1, code, code + 1].filter(isCharacter).map((one) => String.fromCodePoint(one)));
}

function isCharacter(code: number): boolean {
  return code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
}
