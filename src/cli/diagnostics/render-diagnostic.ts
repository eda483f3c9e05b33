import { renderCodeFrame } from '../../language/document/code-frame.ts';
import type { Diagnostic } from '../../program/diagnostic.ts';
import { harmless, harmlessLine } from '../terminal/harmless.ts';
import type { Paint } from '../terminal/paint.ts';

/** The file that a finding stands in: its name as messages show it, and its text where it could be read. */
export interface ShownFile {
  readonly file: string;
  readonly text: string | undefined;
}

/** A finding for people: what and where, the line it stands on with carets, and what to do. Without a newline at its end. */
export function renderDiagnostic(diagnostic: Diagnostic, { file, text }: ShownFile, paint: Paint): string {
  const { code, severity, message, span, help } = diagnostic;
  const tone = severity === 'error' ? paint.red : paint.yellow;
  const place = `${harmlessLine(file)}:${span.line}:${span.column}`;
  const lines = [`${place}: ${tone(`${severity}[${code}]`)}: ${paint.bold(harmless(message))}`];
  if (text !== undefined) lines.push(renderCodeFrame(text, span));
  if (help !== undefined) lines.push(`${paint.cyan('help:')} ${harmless(help)}`);
  return lines.join('\n');
}
