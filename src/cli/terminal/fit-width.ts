let graphemes: Intl.Segmenter | undefined;
/** Scripts and symbols that terminals draw two cells wide (the ranges of Unicode's East Asian Width that matter, and emoji). */
const WIDE =
  /^(?:\p{Extended_Pictographic}\ufe0f?|\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}])/u;
/** Drawn one cell wide by terminals although Unicode calls them pictographic: ours and the common ones below U+2800. */
const NARROW = /^[\u2000-\u27ff]$/u;

/** Most lines: a segmenter takes a hundred times as long. */
const PLAIN = /^[ -~]*$/;

/** How many cells a line without control characters takes on a terminal. */
export function cellWidth(line: string): number {
  if (PLAIN.test(line)) return line.length;
  let width = 0;
  for (const { segment } of graphemesOf(line)) width += segmentWidth(segment);
  return width;
}

/** The line, cut to at most `cells` with an ellipsis at its end. */
export function fitWidth(line: string, cells: number): string {
  if (cellWidth(line) <= cells) return line;
  let width = 1;
  let cut = '';
  for (const { segment } of graphemesOf(line)) {
    width += segmentWidth(segment);
    if (width > cells) break;
    cut += segment;
  }
  return `${cut}…`;
}

function segmentWidth(segment: string): number {
  if (NARROW.test(segment)) return 1;
  return WIDE.test(segment) ? 2 : 1;
}

/** A segmenter is made when the first is needed: that takes longer than a short command may. */
function graphemesOf(line: string): Iterable<Intl.SegmentData> {
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return graphemes.segment(line);
}
