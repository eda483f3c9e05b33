import { YamlScanner } from './yaml-scanner.ts';

/** A stretch of the file, as UTF-16 offsets, end exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export interface MaskedSource {
  /** As long as the file, character for character; what must not be read as YAML is replaced by `MASK`. */
  readonly masked: string;
  /** Plain one-line values that contain `: ` and are read as text to the end of their line (LANGUAGE §1.1), in order. */
  readonly repairs: readonly Stretch[];
  /** Where a `${` or `$<` opens that never closes. */
  readonly unclosed: readonly number[];
}

/**
 * Stands for every masked character. A private-use character is plain in every context of YAML (block, flow, key, quoted) and starts no number, tag
 * or comment. Nothing is ever recognized by it: masked text comes back by position, so an author's own U+E000 stays what it is.
 */
export const MASK = '\uE000';

/**
 * Hides from YAML what is not YAML: each balanced `${…}` and `$<…>` outside comments and block scalars, and values that need the text repair.
 * Every character is replaced by one, newlines too, so each offset in the masked text is the offset in the file, and an expression of several lines
 * is one word of one line.
 *
 * Block scalars (`|`, `>`) are left alone: there YAML reads every character as text, and JavaScript with unbalanced `${` in a string must not
 * disturb the rest of the file.
 */
export function maskSource(text: string): MaskedSource {
  const { masks, repairs, unclosed } = new YamlScanner(text).scan();
  let masked = '';
  let done = 0;
  for (const { start, end } of joinStretches([...masks, ...repairs])) {
    masked += text.slice(done, start) + MASK.repeat(end - start);
    done = end;
  }
  return { masked: masked + text.slice(done), repairs, unclosed };
}

function joinStretches(stretches: Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  for (const stretch of stretches.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = joined.at(-1);
    if (last && stretch.start < last.end) joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, stretch.end) };
    else joined.push(stretch);
  }
  return joined;
}
