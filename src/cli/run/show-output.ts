import type { JsonValue } from '../../program/json.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print-json.ts';
import { harmless } from '../terminal/harmless.ts';

/** The run's output on stdout: text as it is with a newline at its end, everything else as JSON. On a terminal its control characters are made harmless. */
export function showOutput(output: JsonValue | undefined, io: Io): void {
  if (output === undefined) return;
  if (typeof output !== 'string') {
    printJson(output, io);
    return;
  }
  const text = io.stdout.isTTY ? harmless(output) : output;
  io.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}
