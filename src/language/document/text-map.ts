/** `length` characters of a value stand for the `sourceLength` characters of the file at `source`; one for one when both are equal. */
interface Run {
  readonly value: number;
  readonly source: number;
  length: number;
  sourceLength: number;
  /** The characters are the very same, one for one. */
  readonly same: boolean;
}

export type ScalarStyle = 'plain' | 'single' | 'double' | 'block';

/**
 * Tells for each character of a scalar's value where it stands in the file. The YAML library says what the value is; this walks value and
 * source side by side. All that a style changes is white space (folding, indentation, chomping) and, in quotes, escapes: so everything else maps one for one,
 * and a stretch of white space maps to the stretch that it came from.
 */
export class TextMap {
  private readonly runs: Run[] = [];
  private readonly from: number;

  /** `source` is the whole (masked) text, `from`/`to` the scalar's own in it, without quotes and header. */
  constructor(value: string, source: string, from: number, to: number, style: ScalarStyle) {
    this.from = from;
    let at = from;
    for (let i = 0; i < value.length; ) {
      if (isSpace(value[i])) {
        const start = i;
        while (i < value.length && isSpace(value[i])) i++;
        const end = skipSpace(source, at, to, style);
        this.add(start, at, i - start, end - at, value.slice(start, i) === source.slice(at, end));
        at = end;
        continue;
      }
      at = skipSpace(source, at, to, style);
      const unit = unitAt(source, at, style);
      this.add(i, at, unit.length, Math.min(unit.sourceLength, to - at), value[i] === source[at] && unit.sourceLength === 1);
      i += unit.length;
      at = Math.min(at + unit.sourceLength, to);
    }
  }

  /** The source offset of the value's character `index`; one past the last character for the value's length. */
  startOf(index: number): number {
    const run = this.find(index);
    if (!run) return this.from;
    const into = index - run.value;
    if (run.same) return run.source + Math.min(into, run.sourceLength);
    return into >= run.length ? run.source + run.sourceLength : run.source + Math.min(into, Math.max(run.sourceLength - 1, 0));
  }

  /** The source offset behind the value's character `index`. */
  endOf(index: number): number {
    const run = this.find(index);
    if (!run) return this.from;
    if (run.same) return run.source + (index - run.value) + 1;
    return run.source + run.sourceLength;
  }

  /** The value with every masked character replaced by what the author wrote in its place in `original`. */
  restore(value: string, original: string): string {
    return this.runs
      .map((run) => (run.same ? original.slice(run.source, run.source + run.length) : value.slice(run.value, run.value + run.length)))
      .join('');
  }

  private add(value: number, source: number, length: number, sourceLength: number, same: boolean): void {
    const last = this.runs.at(-1);
    if (last?.same && same && last.source + last.sourceLength === source) {
      last.length += length;
      last.sourceLength += sourceLength;
    } else this.runs.push({ value, source, length, sourceLength, same });
  }

  private find(index: number): Run | undefined {
    let low = 0;
    let high = this.runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.runs[middle] as Run).value <= index) low = middle;
      else high = middle - 1;
    }
    return this.runs[low];
  }
}

function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\t' || char === '\r';
}

/** White space of the source, escapes that mean white space and escaped line ends (which mean nothing) included. */
function skipSpace(source: string, from: number, to: number, style: ScalarStyle): number {
  let at = from;
  while (at < to) {
    if (isSpace(source[at])) at++;
    else if (style === 'double' && source[at] === '\\' && isSpaceEscape(source, at)) at += unitAt(source, at, style).sourceLength;
    else break;
  }
  return at;
}

const SPACE_ESCAPE = /\\(?:[ntr \t\n\r]|x(?:09|0[aAdD]|20)|u00(?:09|0[aAdD]|20)|U000000(?:09|0[aAdD]|20))/y;

function isSpaceEscape(source: string, at: number): boolean {
  SPACE_ESCAPE.lastIndex = at;
  return SPACE_ESCAPE.test(source);
}

/** How much of the value and of the source the next character that is not white space takes. */
function unitAt(source: string, at: number, style: ScalarStyle): { readonly length: number; readonly sourceLength: number } {
  if (style === 'single' && source[at] === "'") return { length: 1, sourceLength: 2 };
  if (style !== 'double' || source[at] !== '\\') return { length: 1, sourceLength: 1 };
  const kind = source[at + 1];
  if (kind === 'x') return { length: 1, sourceLength: 4 };
  if (kind === 'u') return { length: 1, sourceLength: 6 };
  if (kind === 'U') return { length: Number.parseInt(source.slice(at + 2, at + 10), 16) > 0xffff ? 2 : 1, sourceLength: 10 };
  return { length: 1, sourceLength: 2 };
}
