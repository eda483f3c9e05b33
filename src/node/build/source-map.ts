const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A source map of one source, for lines that stand in it as they stand in the module; lines and columns from 1. */
export interface LineMap {
  /** Relative to the project's root. */
  readonly file: string;
  /** Lines of the module before the first one that is the author's. */
  readonly lineOffset: number;
  /** How many they are. */
  readonly lines: number;
  /** Where the first one stands in the file; the others are as far to the right. */
  readonly line: number;
  readonly column: number;
}

/** JSON text (https://tc39.es/ecma426/). */
export function renderLineMap({ file, lineOffset, lines, line, column }: LineMap): string {
  const first = `A${encode(0)}${encode(line - 1)}${encode(column - 1)}`;
  const next = `A${encode(0)}${encode(1)}${encode(0)}`;
  const mappings = Array.from({ length: lines }, (_, index) => (index === 0 ? first : next));
  return JSON.stringify({ version: 3, sources: [file], names: [], mappings: `${';'.repeat(lineOffset)}${mappings.join(';')}` });
}

interface ReadMap {
  readonly sources: readonly string[];
  readonly mappings: string;
}

/** Where a place of a module stands in its sources, all from 1; undefined when the map does not know. */
export function findOriginal(
  map: string,
  line: number,
  column: number,
): { readonly file: string; readonly line: number; readonly column: number } | undefined {
  const { sources, mappings } = JSON.parse(map) as ReadMap;
  const source = { file: 0, line: 0, column: 0 };
  let found: typeof source | undefined;
  for (const [index, text] of mappings.split(';').entries()) {
    if (index >= line) break;
    let generated = 0;
    for (const segment of text.split(',')) {
      const [move = 0, file, down, right] = decode(segment);
      if (file === undefined || down === undefined || right === undefined) continue;
      generated += move;
      source.file += file;
      source.line += down;
      source.column += right;
      if (index === line - 1 && generated <= column - 1) found = { ...source };
    }
  }
  const file = found === undefined ? undefined : sources[found.file];
  return found === undefined || file === undefined ? undefined : { file, line: found.line + 1, column: found.column + 1 };
}

/** Base64 VLQ: five bits a digit, the lowest first, the sign in the lowest bit of all. */
function encode(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += DIGITS.charAt(rest > 0 ? digit | 32 : digit);
  } while (rest > 0);
  return text;
}

function decode(segment: string): readonly number[] {
  const values: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    value |= (digit & 31) << shift;
    shift += 5;
    if ((digit & 32) !== 0) continue;
    values.push((value & 1) === 1 ? -(value >>> 1) : value >>> 1);
    value = 0;
    shift = 0;
  }
  return values;
}
