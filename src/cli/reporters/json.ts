import type { Output } from '../io.ts';
import { printJsonLine } from '../print-json.ts';
import { harmless } from '../terminal/harmless.ts';
import type { Reporter } from './reporter.ts';

/** Each event as one line of JSON on stdout (schemas/run-event.schema.json); notices go to stderr. */
export function createJsonReporter(stdout: Output, stderr: Output): Reporter {
  return {
    notice: (text) => stderr.write(`· ${harmless(text)}\n`),
    event: (event) => printJsonLine(event, { stdout }),
    close: () => {},
  };
}
