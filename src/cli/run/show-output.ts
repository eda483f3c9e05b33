import type { JsonValue } from '../../program/json.ts';
import type { Io } from '../io.ts';
import { harmless, harmlessJson } from '../terminal/harmless.ts';

/** The run's output on stdout: text as it is with a newline at its end, everything else as JSON. On a terminal its control characters are made harmless. */
export function showOutput(output: JsonValue | undefined, io: Io): void {
  if (output === undefined) return;
  if (typeof output !== 'string') {
    const json = JSON.stringify(output, null, 2);
    io.stdout.write(`${io.stdout.isTTY ? harmlessJson(json) : json}\n`);
    return;
  }
  const text = io.stdout.isTTY ? harmless(output) : output;
  io.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}
