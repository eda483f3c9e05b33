import { join, relative } from 'node:path';
import { renderCodeFrame } from '../../language/document/code-frame.ts';
import { readInside } from '../../node/project/read-inside.ts';
import type { Diagnostic, Span } from '../../program/diagnostic.ts';
import { countDiagnostics } from '../diagnostics/count-diagnostics.ts';
import { renderDiagnostic } from '../diagnostics/render-diagnostic.ts';
import type { Io } from '../io.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { createPaint } from '../terminal/paint.ts';

/** Where the files of a project are, for messages that show them. */
export interface ProjectView {
  readonly root: string;
  readonly cwd: string;
}

/** All findings about the author's files on stderr, each with its place and the line it stands on, then how many there are. */
export function showDiagnostics(diagnostics: readonly Diagnostic[], root: string, io: Io): void {
  if (diagnostics.length === 0) return;
  const paint = createPaint(io.stderr, io.env);
  const blocks = diagnostics.map((diagnostic) => {
    const { file } = diagnostic.span;
    return renderDiagnostic(diagnostic, { file: relative(io.cwd, join(root, file)), text: readableText(root, file) }, paint);
  });
  io.stderr.write(`${blocks.join('\n\n')}\n\n${countDiagnostics(diagnostics)}\n`);
}

/** `file:line:column`, the file as it is reached from the working folder, so that terminals and editors can open it. */
export function renderSpan(span: Pick<Span, 'file' | 'line' | 'column'>, { root, cwd }: ProjectView): string {
  return `${harmlessLine(relative(cwd, join(root, span.file)))}:${span.line}:${span.column}`;
}

export function renderFrame(span: Span, { root }: ProjectView): string | undefined {
  const text = readableText(root, span.file);
  return text === undefined ? undefined : renderCodeFrame(text, span);
}

function readableText(root: string, path: string): string | undefined {
  const file = readInside(root, path);
  return file?.unreadable === undefined ? file?.text : undefined;
}
