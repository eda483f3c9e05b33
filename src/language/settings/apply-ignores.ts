import type { Diagnostic } from '../../program/diagnostic.ts';
import { LineIndex } from '../document/line-index.ts';
import type { FileComments } from '../document/read-comments.ts';
import { Findings } from '../model/findings.ts';
import type { SourceFile } from '../project-index.ts';
import type { Stretch } from '../source/mask.ts';
import { type IgnoreComment, readIgnoreComment } from './ignore-comment.ts';
import { isOptional } from './rule-names.ts';

/** An ignore comment, and the line (from 1) whose findings it is about; none when no code follows. */
interface Ignore extends IgnoreComment {
  readonly line: number | undefined;
  readonly used: Set<string>;
}

/**
 * The findings of one file without those that an `# ensemble-ignore RULE: reason` switches off: those that begin on the comment's own line, or, when
 * nothing else stands there, on the next line of code. A text of several lines, such as `code: |`, counts as the line on which it begins. Comments that are
 * wrong or that nothing needs are findings too.
 */
export function applyIgnores(
  findings: readonly Diagnostic[],
  source: SourceFile,
  { comments, longTexts }: FileComments,
): readonly Diagnostic[] {
  const { path, text } = source;
  const lines = new LineIndex(path, text);
  const reported = new Findings();
  const nextCodeLine = findCodeLines(text);
  const ignores: Ignore[] = [];
  const byLine = new Map<number, Ignore[]>();
  for (const stretch of comments) {
    const comment = readIgnoreComment(text, stretch, lines, reported);
    if (comment === undefined) continue;
    const own = lines.position(stretch.start).line;
    const line = standsAlone(text, stretch.start) ? nextCodeLine[own] : own;
    const ignore = { ...comment, line, used: new Set<string>() };
    ignores.push(ignore);
    if (line === undefined) continue;
    const others = byLine.get(line);
    if (others === undefined) byLine.set(line, [ignore]);
    else others.push(ignore);
  }
  const kept = findings.filter(({ code, span }) => {
    if (span.file !== path) return true;
    const { line } = lines.position(findText(longTexts, span.start)?.start ?? span.start);
    const about = byLine.get(line)?.filter(({ rules }) => rules.some(({ rule }) => rule === code)) ?? [];
    for (const { used } of about) used.add(code);
    return about.length === 0;
  });
  // What a rule that is not optional finds may keep others from looking: their comments may well be needed.
  if (!findings.some(({ severity, code }) => severity === 'error' && !isOptional(code))) {
    for (const ignore of ignores) reportUnused(ignore, text, lines, reported);
  }
  return [...kept, ...reported.all];
}

function reportUnused({ rules, used, start, end, line }: Ignore, text: string, lines: LineIndex, reported: Findings): void {
  for (const { rule, ...place } of rules) {
    if (used.has(rule)) continue;
    const where = line === undefined ? 'behind this comment' : `in line ${line}`;
    const fix = rules.length > 1 ? undefined : { description: 'remove the comment', ...withItsLine(text, start, end), text: '' };
    reported.report('unused-ignore', lines.span(place.start, place.end), `\`${rule}\` finds nothing ${where}`, {
      help: rules.length > 1 ? 'remove the name' : 'remove the comment',
      fix,
    });
  }
}

/** For each line (from 1) the next one after it that is neither blank nor a comment. Right for lines of comments, which is where it is asked. */
function findCodeLines(text: string): readonly (number | undefined)[] {
  const next: (number | undefined)[] = [];
  let code: number | undefined;
  const lines = text.split('\n');
  for (let line = lines.length; line >= 1; line--) {
    next[line] = code;
    if (!/^\s*(?:#|$)/.test(lines[line - 1] ?? '')) code = line;
  }
  return next;
}

/** The text of several lines that holds an offset. They lie one after the other. */
function findText(texts: readonly Stretch[], offset: number): Stretch | undefined {
  let low = 0;
  let high = texts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((texts[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const text = texts[low];
  return text !== undefined && text.start <= offset ? text : undefined;
}

const standsAlone = (text: string, start: number): boolean => text.slice(text.lastIndexOf('\n', start) + 1, start).trim() === '';

/** The whole line of a comment that stands alone, else the comment and the blanks before it. */
function withItsLine(text: string, start: number, end: number): Stretch {
  const head = text.slice(text.lastIndexOf('\n', start) + 1, start);
  if (head.trim() !== '') return { start: start - (head.length - head.trimEnd().length), end };
  const newline = text.indexOf('\n', end);
  return { start: start - head.length, end: newline === -1 ? text.length : newline + 1 };
}
