import { type CharSet, charSet, charSetOf, complement, rangeSet, sureOf, union } from './regex-chars.ts';

/** The shape of a regular expression, as far as judging it needs. */
export type RegexNode =
  | CharsNode
  | { readonly type: 'assert'; readonly kind: '^' | '$' | 'b' }
  | { readonly type: 'look'; readonly body: RegexNode }
  | { readonly type: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly type: 'choice'; readonly branches: readonly RegexNode[] }
  | { readonly type: 'repeat'; readonly body: RegexNode; readonly min: number; readonly max: number };

/** One character of the text, which is in the set; `written` is how the pattern says so. */
export interface CharsNode {
  readonly type: 'chars';
  readonly set: CharSet;
  readonly written: string;
}

/** Raised for a pattern that is not allowed; the message completes "the regular expression is refused: …". */
export class RegexTooComplex extends Error {
  readonly help: string | undefined;
  constructor(message: string, help?: string) {
    super(message);
    this.help = help;
  }
}

const MAX_DEPTH = 50;
const QUANTIFIER = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y;
const GROUP = /\((?:\?(?:(:)|(=|!|<=|<!)|<([^>=!][^>]*)>))?/y;
const REFERENCE = /\\(?:([1-9]\d*)|k<([^>]+)>)/y;
const NOTHING: RegexNode = { type: 'sequence', items: [] };
const UNICODE_ESCAPE = /u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})/y;

/** Parses a pattern that JavaScript has already accepted. Refuses back references, unless they are to be `replaced`, by the groups that they refer to. */
export function parseRegex(pattern: string, flags: string, references: 'refused' | 'replaced' = 'refused'): RegexNode {
  return new RegexReader(pattern, flags, references === 'replaced').choice(0);
}

/** One element of a character class: `sure` is what it surely holds; `code` its code point where it may begin or end a range. */
interface ClassAtom {
  readonly set: CharSet;
  readonly sure: CharSet;
  readonly code: number | undefined;
}

function codeAtom(first: number, last: number, ignoreCase: boolean): ClassAtom {
  const set = rangeSet(first, last, ignoreCase);
  return { set, sure: sureOf(set), code: first };
}

class RegexReader {
  private at = 0;
  private readonly text: string;
  private readonly ignoreCase: boolean;
  private readonly dotAll: boolean;
  private readonly unicode: boolean;
  private readonly replacesReferences: boolean;
  /** By number, and by name where they have one; undefined as long as one is not closed. */
  private readonly groups: (RegexNode | undefined)[] = [];
  private readonly named = new Map<string, number>();

  constructor(text: string, flags: string, replacesReferences: boolean) {
    this.text = text;
    this.ignoreCase = flags.includes('i');
    this.dotAll = flags.includes('s');
    this.unicode = flags.includes('u');
    this.replacesReferences = replacesReferences;
  }

  choice(depth: number): RegexNode {
    if (depth > MAX_DEPTH) throw new RegexTooComplex(`its groups are nested more than ${MAX_DEPTH} deep`);
    const branches = [this.sequence(depth)];
    while (this.text[this.at] === '|') {
      this.at++;
      branches.push(this.sequence(depth));
    }
    return branches.length === 1 && branches[0] !== undefined ? branches[0] : { type: 'choice', branches };
  }

  private sequence(depth: number): RegexNode {
    const items: RegexNode[] = [];
    while (this.at < this.text.length && this.text[this.at] !== '|' && this.text[this.at] !== ')') {
      const atom = this.atom(depth);
      items.push(this.quantified(atom));
    }
    return items.length === 1 && items[0] !== undefined ? items[0] : { type: 'sequence', items };
  }

  private quantified(body: RegexNode): RegexNode {
    const found = this.match(QUANTIFIER);
    if (found === undefined) return body;
    const [, sign, low, comma, high] = found;
    if (sign !== undefined) return { type: 'repeat', body, min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Number.POSITIVE_INFINITY };
    const min = Number(low);
    const max = comma === undefined ? min : high === '' ? Number.POSITIVE_INFINITY : Number(high);
    return { type: 'repeat', body, min, max };
  }

  private atom(depth: number): RegexNode {
    const char = this.text.charAt(this.at);
    if (char === '(') return this.group(depth);
    if (char === '[') return this.chars(() => this.characterClass());
    if (char === '\\') return this.escape();
    const point = this.unicode ? String.fromCodePoint(this.text.codePointAt(this.at) ?? 0) : char;
    this.at += point.length;
    if (char === '^' || char === '$') return { type: 'assert', kind: char };
    const set = char === '.' ? (this.dotAll ? charSetOf.all : charSetOf.dot) : charSet(point, this.ignoreCase);
    return { type: 'chars', set, written: point };
  }

  private chars(read: () => CharSet): CharsNode {
    const start = this.at;
    const set = read();
    return { type: 'chars', set, written: this.text.slice(start, this.at) };
  }

  private group(depth: number): RegexNode {
    const [, plain, look, name] = this.match(GROUP) ?? [];
    if (this.text[this.at - 1] === '(' && this.text[this.at] === '?')
      throw new RegexTooComplex('it has a kind of group that is not available');
    const index = this.groups.length;
    const isReferredTo = plain === undefined && look === undefined;
    if (isReferredTo) this.groups.push(undefined);
    if (name !== undefined) this.named.set(name, index);
    const body = this.choice(depth + 1);
    this.at++;
    if (isReferredTo) this.groups[index] = body;
    return look === undefined ? body : { type: 'look', body };
  }

  private escape(): RegexNode {
    const next = this.text.charAt(this.at + 1);
    if (next === 'b' || next === 'B') {
      this.at += 2;
      return { type: 'assert', kind: 'b' };
    }
    if (/[1-9k]/.test(next)) {
      const [, number, name = ''] = (this.replacesReferences ? this.match(REFERENCE) : undefined) ?? [];
      // One to a group that is not closed yet takes nothing.
      if (number !== undefined) return this.groups[Number(number) - 1] ?? NOTHING;
      if (name !== '') return this.groups[this.named.get(name) ?? -1] ?? NOTHING;
      throw new RegexTooComplex('it has a back reference (`\\1`, `\\k<name>`), which can take exponential time');
    }
    return this.chars(() => this.escapedSet());
  }

  /** The set of the escape at the cursor, inside or outside of a class. */
  private escapedSet(): CharSet {
    this.at++;
    const found = this.match(UNICODE_ESCAPE);
    if (found !== undefined) {
      const code = Number.parseInt(found[1] ?? found[2] ?? found[3] ?? '0', 16);
      return rangeSet(code, code, this.ignoreCase);
    }
    const char = this.text.charAt(this.at);
    this.at++;
    if (/[dDwWsS]/.test(char)) {
      const set = charSetOf[char as 'd' | 'D' | 'w' | 'W' | 's' | 'S'];
      return this.ignoreCase && char === 'w' ? union(set, charSetOf.other) : set;
    }
    if (char === 'p' || char === 'P') {
      const end = this.text.indexOf('}', this.at);
      this.at = end === -1 ? this.text.length : end + 1;
      return charSetOf.all;
    }
    if (char === 'c') {
      this.at++;
      return charSetOf.all;
    }
    const control = 'tnvfr'.indexOf(char);
    if (control !== -1) return charSet('\t\n\v\f\r'.charAt(control), false);
    if (char === '0' || char === 'b') return rangeSet(0, 8, false);
    return charSet(char, this.ignoreCase);
  }

  private characterClass(): CharSet {
    this.at++;
    const negated = this.text[this.at] === '^';
    if (negated) this.at++;
    let set: CharSet = charSetOf.none;
    let sure: CharSet = charSetOf.none;
    while (this.at < this.text.length && this.text[this.at] !== ']') {
      let next = this.classAtom();
      if (this.text[this.at] === '-' && this.text[this.at + 1] !== ']' && next.code !== undefined) {
        const mark = this.at;
        this.at++;
        const last = this.classAtom();
        if (last.code === undefined) this.at = mark;
        else next = codeAtom(next.code, last.code, this.ignoreCase);
      }
      set = union(set, next.set);
      sure = union(sure, next.sure);
    }
    this.at++;
    return negated ? complement(sure) : set;
  }

  private classAtom(): ClassAtom {
    const start = this.at;
    if (this.text[start] !== '\\') {
      const code = (this.unicode ? this.text.codePointAt(start) : this.text.charCodeAt(start)) ?? 0;
      this.at += code > 0xffff ? 2 : 1;
      return codeAtom(code, code, this.ignoreCase);
    }
    const kind = this.text.charAt(start + 1);
    const set = this.escapedSet();
    const written = this.text.slice(start, this.at);
    if (/[dDwWsS]/.test(kind)) return { set, sure: set, code: undefined };
    const hex = /^\\[ux]\{?([0-9a-fA-F]+)\}?$/.exec(written)?.[1];
    if (hex !== undefined) {
      const code = Number.parseInt(hex, 16);
      return codeAtom(code, code, this.ignoreCase);
    }
    const code = /^\\[^\w]$/.test(written) ? kind.charCodeAt(0) : undefined;
    return { set, sure: /[pPc]/.test(kind) ? charSetOf.none : sureOf(set), code };
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.at = pattern.lastIndex;
    return found;
  }
}
