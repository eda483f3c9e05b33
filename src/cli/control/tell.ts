import type { Io } from '../io.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { createPaint } from '../terminal/paint.ts';

/** A line on stderr about something that was done, or is to be known. */
export function tell(text: string, io: Io): void {
  io.stderr.write(`${createPaint(io.stderr, io.env).dim('·')} ${harmlessLine(text)}\n`);
}
