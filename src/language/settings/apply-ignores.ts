import type { Diagnostic } from '../../program/diagnostic.ts';
import { LineIndex } from '../document/line-index.ts';
import type { FileComments } from '../document/read-comments.ts';
import { Findings } from '../model/findings.ts';
import type { SourceFile } from '../project-index.ts';
import type { Stretch } from '../source/mask.ts';
import { type IgnoreComment, readIgnoreComment } from './ignore-comment.ts';
import { isOptional } from './rule-names.ts';

/** An ignore comment, and the line (from 1) whose findings it is about; none behind it when it is the last of the file. */
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
  const lines = new LineIndex(source.path, source.text);
  const reported = new Findings();
  const ignores: Ignore[] = comments.flatMap((stretch) => {
    const comment = readIgnoreComment(source.text, stretch, lines, reported);
    return comment === undefined ? [] : [{ ...comment, line: lineBehind(source.text, stretch, lines), used: new Set<string>() }];
  });
  if (ignores.length === 0) return [...findings, ...reported.all];
  const lineOf = (start: number) => lines.position(longTexts.find((text) => text.start <= start && start < text.end)?.start ?? start).line;
  const kept = findings.filter(({ code, span }) => {
    const line = lineOf(span.start);
    const about =
      span.file === source.path ? ignores.filter((ignore) => ignore.line === line && ignore.rules.some(({ rule }) => rule === code)) : [];
    for (const { used } of about) used.add(code);
    return about.length === 0;
  });
  // A rule that needs what the file lacks says nothing: its comment may well be needed again.
  if (!findings.some(isBroken)) for (const ignore of ignores) reportUnused(ignore, source.text, lines, reported);
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

/** The line of code that a comment is about: its own, or the next one that is neither blank nor a comment. */
function lineBehind(text: string, { start }: Stretch, lines: LineIndex): number | undefined {
  const { line, column } = lines.position(start);
  if (text.slice(start - column + 1, start).trim() !== '') return line;
  const next = /^(?![ \t]*(?:#|\r?$)).+/m.exec(text.slice(lines.offset(line + 1, 1)));
  const from = lines.offset(line + 1, 1);
  return next === null || from <= start ? undefined : lines.position(from + next.index).line;
}

/** The whole line of a comment that stands alone, else the comment and the blanks before it. */
function withItsLine(text: string, start: number, end: number): Stretch {
  const head = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  if (head.trim() !== '') return { start: start - (/[ \t]*$/.exec(head)?.[0].length ?? 0), end };
  const newline = text.indexOf('\n', end);
  return { start: start - head.length, end: newline === -1 ? text.length : newline + 1 };
}

const isBroken = ({ severity, code }: Diagnostic): boolean => severity === 'error' && !isOptional(code);
