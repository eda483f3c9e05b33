import type { Diagnostic } from '../program/diagnostic.ts';

export interface FixedText {
  readonly text: string;
  /** How many findings it mends. */
  readonly fixed: number;
}

/**
 * The text of a file with the fixes of its findings, all else as it was. Of fixes that overlap, or that insert at one place, the first counts: the
 * others may be right or wrong afterwards, and the next look at the text tells. New lines end as the lines of the file do.
 */
export function applyFixes(text: string, findings: readonly Diagnostic[]): FixedText {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const fixes = findings
    .flatMap(({ fix }) => (fix === undefined ? [] : [{ ...fix, text: fix.text.replaceAll(/\r?\n/g, newline) }]))
    .filter((fix) => fix.text !== text.slice(fix.start, fix.end))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  let result = '';
  let done = 0;
  let last = -1;
  let fixed = 0;
  for (const fix of fixes) {
    if (fix.start < done || fix.start === last) continue;
    result += text.slice(done, fix.start) + fix.text;
    done = fix.end;
    last = fix.start;
    fixed++;
  }
  return { text: result + text.slice(done), fixed };
}
