import type { OutlineNode } from '../../language/document/outline.ts';
import { readOutline } from '../../language/document/outline.ts';
import { isOptional } from '../../language/settings/rule-names.ts';
import type { Diagnostic } from '../../program/diagnostic.ts';
import type { TextEdit } from '../apply-edits.ts';
import type { Snapshot } from '../snapshot.ts';

/** Something that mends a finding, or silences it. */
export interface QuickFix {
  readonly title: string;
  readonly finding: Diagnostic;
  readonly edit: TextEdit;
  /** It is what most authors will want. */
  readonly preferred: boolean;
}

/** What can be done about the findings that touch a stretch of the file. */
export function listQuickFixes(snapshot: Snapshot, start: number, end: number): readonly QuickFix[] {
  return snapshot.findings
    .filter(({ span }) => span.start <= end && start <= span.end)
    .flatMap((finding) => [fixOf(finding, snapshot), replacementOf(finding, snapshot), ignoreOf(finding, snapshot)])
    .filter((fix) => fix !== undefined);
}

function fixOf(finding: Diagnostic, { text }: Snapshot): QuickFix | undefined {
  const { fix } = finding;
  if (fix === undefined) return undefined;
  const edit = { start: fix.start, end: fix.end, text: withLineEnds(fix.text, text) };
  return { title: capitalized(fix.description), finding, edit, preferred: true };
}

/** The word that the finding says was meant, in place of a single word. */
function replacementOf(finding: Diagnostic, { text }: Snapshot): QuickFix | undefined {
  const { fix, message, help = '', span } = finding;
  const meant = /did you mean [`"]([\w.-]+)[`"]\?/i.exec(`${message} ${help}`)?.[1] ?? /did you mean ([\w.-]+)\?/i.exec(help)?.[1];
  const written = /^(["'`]?)([\w.-]+)\1$/.exec(text.slice(span.start, span.end));
  if (fix !== undefined || meant === undefined || written === null) return undefined;
  const [, quote = '', word = ''] = written;
  if (word === meant) return undefined;
  return { title: `Change to ${meant}`, finding, edit: { start: span.start, end: span.end, text: quote + meant + quote }, preferred: true };
}

function ignoreOf(finding: Diagnostic, { text }: Snapshot): QuickFix | undefined {
  const { code, span } = finding;
  if (!isOptional(code) || code === 'bad-ignore' || code === 'unused-ignore') return undefined;
  const start = lineStart(text, longTextAround(readOutline(text), span.start, text) ?? span.start);
  const indent = /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
  const comment = `${indent}# ensemble-ignore ${code}: say why\n`;
  return { title: `Ignore ${code} here`, finding, edit: { start, end: start, text: withLineEnds(comment, text) }, preferred: false };
}

/** Where the text of several lines begins that an offset lies in: no comment can stand inside of it, so one above its key is about all of it. */
function longTextAround(node: OutlineNode | undefined, offset: number, text: string): number | undefined {
  if (node === undefined) return undefined;
  if (node.kind === 'list') return firstOf(node.items, (item) => longTextAround(item, offset, text));
  if (node.kind === 'mapping') return firstOf(node.entries, ({ value }) => longTextAround(value, offset, text));
  const { start, end, style } = node;
  if (offset < start || end < offset || !text.slice(start, end).includes('\n')) return undefined;
  // The text of a block begins below the line of its key.
  return style === 'block' ? start - 1 : start;
}

function firstOf<Item, Result>(items: readonly Item[], find: (item: Item) => Result | undefined): Result | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;
const withLineEnds = (inserted: string, text: string): string => (text.includes('\r\n') ? inserted.replaceAll(/\r?\n/g, '\r\n') : inserted);
const capitalized = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
