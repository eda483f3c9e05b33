import { harmlessLine } from '../terminal/harmless.ts';
import type { Paint } from '../terminal/paint.ts';

/** How many unchanged lines are shown around what changed. */
const CONTEXT = 2;

/** What changed from one text to another, line by line: `+` new, `-` gone, blank as it was; `…` for lines that are left out. Empty when nothing changed. */
export function drawDiff(before: string, after: string, paint: Paint): string {
  const lines = diffLines(splitLines(before), splitLines(after));
  const isNear = (at: number): boolean => lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ mark }) => mark !== ' ');
  const shown: string[] = [];
  lines.forEach(({ mark, text }, at) => {
    if (!isNear(at)) {
      if (shown.length > 0 && shown.at(-1) !== ELLIPSIS) shown.push(ELLIPSIS);
      return;
    }
    const line = `${mark} ${text === '' ? '' : harmlessIndented(text)}`.trimEnd();
    shown.push(mark === '+' ? paint.green(line) : mark === '-' ? paint.red(line) : line);
  });
  if (shown.at(-1) === ELLIPSIS) shown.pop();
  return shown.map((line) => `${line}\n`).join('');
}

const ELLIPSIS = '  …';

interface DiffLine {
  readonly mark: ' ' | '+' | '-';
  readonly text: string;
}

const splitLines = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/));

/** A shortest way from one to the other (longest common subsequence); texts are files that people wrote, some hundred lines long. */
function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  const common = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    const row = lengths[i] ?? [];
    for (let j = after.length - 1; j >= 0; j--)
      row[j] = before[i] === after[j] ? common(i + 1, j + 1) + 1 : Math.max(common(i + 1, j), common(i, j + 1));
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ mark: ' ', text: before[i] ?? '' });
      i++;
      j++;
    } else if (j < after.length && (i === before.length || common(i, j + 1) > common(i + 1, j)))
      lines.push({ mark: '+', text: after[j++] ?? '' });
    else lines.push({ mark: '-', text: before[i++] ?? '' });
  }
  return lines;
}

function harmlessIndented(text: string): string {
  const indent = /^[ \t]*/.exec(text)?.[0] ?? '';
  return indent.replaceAll('\t', '  ') + harmlessLine(text);
}
