import type { Span } from '../../program/diagnostic.ts';

/** Columns of source text that a frame shows at most; longer lines are cut around the place, with `…` at the cut ends. */
const MAX_WIDTH = 100;
/** A stack of marks on one letter reaches over the lines around it. */
const PILE = /(\p{M}{8})\p{M}+/gu;
/** What the runners of GitHub, Azure and TeamCity obey anywhere in a line of a log. */
const COMMAND = /##(?=\w*\[)/g;
/** What is kept of a cut line before the place. */
const LEAD = 30;

/**
 * The line of `text` at which `span` begins, with its number, and carets under the span (to the end of that line if it goes on), without colours:
 *
 *     12 |   promt: Analyze
 *        |   ^^^^^
 *
 * What a terminal would not show as it is (tabs, control and direction characters, escape sequences) is replaced, and wide characters get wide carets,
 * so that the carets stand right and a file can do nothing to the terminal; nor to the runner of a CI, which obeys `##[command]` anywhere in a line.
 */
export function renderCodeFrame(text: string, span: Span): string {
  const start = Math.min(span.start, text.length);
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', start);
  const lineEnd = newline === -1 ? text.length : newline;
  const line = text.slice(lineStart, lineEnd).replace(/\r$/, '');
  const from = Math.min(start - lineStart, line.length);
  const to = Math.max(from, Math.min(span.end - lineStart, line.length));

  const cutStart = line.length > MAX_WIDTH && from > LEAD ? wholeCharacter(line, from - LEAD) : 0;
  const cutEnd = line.length - cutStart > MAX_WIDTH ? wholeCharacter(line, cutStart + MAX_WIDTH) : line.length;
  const head = (cutStart > 0 ? '…' : '') + show(line.slice(cutStart, from));
  const marked = show(line.slice(from, Math.min(to, cutEnd)));
  const tail = show(line.slice(Math.min(to, cutEnd), cutEnd)) + (cutEnd < line.length ? '…' : '');

  const number = String(span.line);
  const source = `${number} | ${head}${marked}${tail}`.trimEnd().replace(COMMAND, '#\uFFFD');
  const carets = `${' '.repeat(number.length)} | ${' '.repeat(widthOf(head))}${'^'.repeat(Math.max(widthOf(marked), 1))}`;
  return `${source}\n${carets}`;
}

function show(text: string): string {
  return text
    .replaceAll('\t', '  ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, (char) => (char === '\u200d' ? '' : '\uFFFD'))
    .replaceAll(PILE, '$1');
}

/** Columns that a terminal gives to a text: none for combining marks, two for East Asian wide characters and emoji. */
function widthOf(text: string): number {
  let width = 0;
  for (const char of text) {
    if (/\p{M}/u.test(char)) continue;
    width += isWide(char.codePointAt(0) ?? 0) || /\p{Emoji_Presentation}/u.test(char) ? 2 : 1;
  }
  return width;
}

/** Blocks of wide characters (Unicode, East Asian Width W and F), roughly: it is about where carets stand. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x3fffd],
];

const isWide = (codePoint: number): boolean => WIDE.some(([from, to]) => codePoint >= from && codePoint <= to);

/** The nearest cut at or before `at` that does not split a surrogate pair. */
function wholeCharacter(text: string, at: number): number {
  return /[\uDC00-\uDFFF]/.test(text.charAt(at)) ? at - 1 : at;
}
