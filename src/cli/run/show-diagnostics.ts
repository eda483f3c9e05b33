import { join, relative } from 'node:path';
import { renderCodeFrame } from '../../language/document/code-frame.ts';
import { readInside } from '../../node/project/read-inside.ts';
import type { Diagnostic, Span } from '../../program/diagnostic.ts';
import type { Io } from '../io.ts';
import { harmless } from '../terminal/harmless.ts';
import { createPaint, type Paint } from '../terminal/paint.ts';

/** Where the files of a project are, for messages that show them. */
export interface ProjectView {
  readonly root: string;
  readonly cwd: string;
}

/** All findings about the author's files on stderr, each with its place and the line it stands on, then how many there are. */
export function showDiagnostics(diagnostics: readonly Diagnostic[], root: string, io: Io): void {
  if (diagnostics.length === 0) return;
  const paint = createPaint(io.stderr, io.env);
  const blocks = diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, { root, cwd: io.cwd }, paint));
  const count = (severity: Diagnostic['severity'], noun: string) => {
    const found = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return found === 0 ? [] : [`${found} ${noun}${found === 1 ? '' : 's'}`];
  };
  io.stderr.write(`${blocks.join('\n\n')}\n\n${[...count('error', 'error'), ...count('warning', 'warning')].join(', ')}\n`);
}

function renderDiagnostic({ code, severity, message, span, help }: Diagnostic, place: ProjectView, paint: Paint): string {
  const tone = severity === 'error' ? paint.red : paint.yellow;
  const lines = [`${renderSpan(span, place)}: ${tone(`${severity}[${code}]`)}: ${paint.bold(harmless(message))}`];
  const frame = renderFrame(span, place);
  if (frame !== undefined) lines.push(frame);
  if (help !== undefined) lines.push(`${paint.cyan('help:')} ${harmless(help)}`);
  return lines.join('\n');
}

/** `file:line:column`, the file as it is reached from the working folder, so that terminals and editors can open it. */
export function renderSpan(span: Pick<Span, 'file' | 'line' | 'column'>, { root, cwd }: ProjectView): string {
  return `${relative(cwd, join(root, span.file))}:${span.line}:${span.column}`;
}

export function renderFrame(span: Span, { root }: ProjectView): string | undefined {
  const file = readInside(root, span.file);
  return file && renderCodeFrame(file.text, span);
}
