import type { Output } from '../io.ts';
import type { Reporter } from './reporter.ts';

/** Each event as one line of JSON on stdout (schemas/run-event.schema.json); notices go to stderr. */
export function createJsonReporter(stdout: Output, stderr: Output): Reporter {
  return {
    notice: (text) => stderr.write(`· ${text}\n`),
    event: (event) => stdout.write(`${JSON.stringify(event)}\n`),
    close: () => {},
  };
}
