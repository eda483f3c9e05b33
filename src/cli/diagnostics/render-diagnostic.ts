import { renderCodeFrame } from '../../language/document/code-frame.ts';
import type { Diagnostic } from '../../program/diagnostic.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import type { Paint } from '../terminal/paint.ts';
import { renderPlace } from './render-place.ts';

/** The file that a finding stands in: its name as messages show it, and its text where it could be read. */
export interface ShownFile {
  readonly file: string;
  readonly text: string | undefined;
}

/** A finding for people: what and where, the line it stands on with carets, and what to do. Without a newline at its end. */
export function renderDiagnostic(diagnostic: Diagnostic, { file, text }: ShownFile, paint: Paint): string {
  const { code, severity, message, span, help } = diagnostic;
  const tone = severity === 'error' ? paint.red : paint.yellow;
  // What a message quotes of the file is kept from beginning a line of its own: CI systems read some lines as commands.
  const lines = [`${renderPlace(file, span)}: ${tone(`${severity}[${code}]`)}: ${paint.bold(harmlessLine(message))}`];
  if (text !== undefined) lines.push(renderCodeFrame(text, span));
  if (help !== undefined) lines.push(`${paint.cyan('help:')} ${harmlessLine(help)}`);
  return lines.join('\n');
}
